/* How a program may end: ends N. */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static void *rest(void *unused) { return unused; }
static void *leave(void *unused) {
  exit(0);
  return unused;
}
static void *fail(void *unused) {
  exit(5);
  return unused;
}

static void *fail_late(void *unused) {
  usleep(1000);
  exit(5);
  return unused;
}
static pthread_t joined_at_exit;
static void join_at_exit(void) { pthread_join(joined_at_exit, NULL); }

int main(int count, char **arguments) {
  pthread_t other;
  switch (count > 1 ? atoi(arguments[1]) : 0) {
    case 1: /* the other thread may still run */
      pthread_create(&other, NULL, rest, NULL);
      pthread_detach(other);
      exit(0);
    case 2: /* the program goes on until the last thread ends */
      pthread_create(&other, NULL, rest, NULL);
      pthread_detach(other);
      pthread_exit(NULL);
    case 3:
      pthread_create(&other, NULL, leave, NULL);
      pthread_join(other, NULL);
      return 4; /* not reached */
    case 4: return 3;
    case 5:
      pthread_create(&other, NULL, fail, NULL);
      pthread_join(other, NULL);
      return 0;
    case 6: /* those that nobody joins are no leak here */
      pthread_create(&other, NULL, rest, NULL);
      pthread_exit(NULL);
    case 7:
      pthread_create(&other, NULL, fail_late, NULL);
      pthread_exit(NULL);
    case 8:
      pthread_create(&joined_at_exit, NULL, rest, NULL);
      atexit(join_at_exit);
      return 0;
    default: _exit(0);
  }
}
