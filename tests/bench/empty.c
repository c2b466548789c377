/*
 * empty.c: a shared object that does nothing, the least that any preload costs.
 *
 * Built twice: raw, with the shim's own linker flags, and as `gcc -shared` builds it.
 */
void fdf_bench_empty(void);
void fdf_bench_empty(void)
{
}
