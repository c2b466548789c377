/* raises: a library that calls who loads it, in its constructor: the loader's locks are taken. */
void stacks_at_load(void);

__attribute__((constructor)) static void load(void)
{
	stacks_at_load();
}
