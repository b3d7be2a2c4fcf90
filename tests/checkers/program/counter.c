/* C89: two threads that count without a lock. */
#include <assert.h>
#include <pthread.h>
#include <stdio.h>

static int count = 0;

static void *increment(void *unused) {
  int seen = count;
  count = seen + 1;
  return unused;
}

int main(void) {
  pthread_t first, second;
  pthread_create(&first, NULL, increment, NULL);
  pthread_create(&second, NULL, increment, NULL);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  printf("counted %d\n", count);
  assert(count == 2);
  return 0;
}
