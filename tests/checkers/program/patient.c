/* Races at once, and then takes its time: for Ctrl-C. Each execution adds a byte to the file "executions". */
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

static int value;
static void *add(void *unused) {
  value++;
  return unused;
}

int main(void) {
  pthread_t other;
  int i, file = open("executions", O_WRONLY | O_CREAT | O_APPEND, 0644);
  if (write(file, "x", 1) != 1) return 1;
  pthread_create(&other, NULL, add, NULL);
  value++;
  pthread_join(other, NULL);
  for (i = 0; i < 5000000; i++) __asm__ volatile("");
  return 0;
}
