/* The race is real, and nothing depends on it. */
#include <pthread.h>

static int last_seen;

static void *look(void *value) {
  last_seen = (int)(long)value;
  return NULL;
}

int main(void) {
  pthread_t first, second;
  pthread_create(&first, NULL, look, (void *)1L);
  pthread_create(&second, NULL, look, (void *)2L);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  return last_seen == 1 || last_seen == 2 ? 0 : 3;
}
