/* A library that loads.c loads while it runs. */
static int sum = 1;
int add(int value) { return __sync_add_and_fetch(&sum, value); }
