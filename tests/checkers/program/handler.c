/* A handler for crashes, installed by the signal() of a strict standard: nothing here crashes. */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

static int touched[100000];

static void crashed(int number) { exit(number); }

static void* work(void* unused) {
  int i;
  for (i = 0; i < 100000; ++i) touched[i] = 1;
  return unused;
}

int main(void) {
  pthread_t other;
  signal(SIGSEGV, crashed);
  pthread_create(&other, NULL, work, NULL);
  pthread_join(other, NULL);
  return 0;
}
