/* An old program with its own things by names that the C standard leaves to it. They are not the C library's. */
#include <assert.h>
#include <pthread.h>

int send, shutdown = 3;
int getline(char line[], int most) { return line[0] + most; }
char* strdup(char* text) { return text + 1; }
int wait(int count) { return count + 1; }

static void* sender(void* argument) {
  __atomic_store_n(&send, 1, __ATOMIC_SEQ_CST);
  return argument;
}

int main(void) {
  char line[] = "\1";
  pthread_t thread;
  pthread_create(&thread, 0, sender, 0);
  assert(getline(line, 5) == 6 && strdup(line) == line + 1 && wait(1) == 2 && shutdown == 3);
  pthread_join(thread, 0);
  return __atomic_load_n(&send, __ATOMIC_SEQ_CST) - 1;
}
