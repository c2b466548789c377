/*
 * nothing: the smallest image there is to exec: `execs` starts it.
 */
int main(void)
{
	return 0;
}
