/* Whether an execution begins with what belongs to the process and not to its memory as the first one did. What is
   found in one execution would be found by the others alone, and the verdict be "unreliable". */
#include <assert.h>
#include <fcntl.h>
#include <locale.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int count;

static void* add(void* unused) {
  pthread_mutex_lock(&mutex);
  ++count;
  setlocale(LC_ALL, "C"); /* the C library's lock for it goes by the thread's id */
  pthread_mutex_unlock(&mutex);
  return unused;
}

/* As a daemon does. */
static void close_everything(void) {
  int i;
  for (i = 0; i < 1024; ++i) close(i);
  assert(open("/dev/null", O_RDWR) == 0);
  assert(dup(0) == 1);
  assert(dup2(0, 2) == 2);
}

int main(int arguments_count, char** arguments) {
  struct rlimit limit;
  pthread_t other;
  char line[16] = "";
  FILE* left_open;
  int number;

  pthread_create(&other, NULL, add, NULL);
  add(NULL);
  pthread_join(other, NULL);

  /* The caller leaves this number free. */
  assert(open("/dev/null", O_RDONLY) == 3);

  assert(fgets(line, sizeof line, stdin) != NULL && strcmp(line, "first\n") == 0);
  assert(freopen(arguments[1], "r", stdin) == stdin);
  assert(scanf("%d", &number) == 1 && number == 7);
  assert(freopen("written", "w", stdout) == stdout);
  printf("seven\n");
  left_open = fopen("left_open", "w");
  assert(left_open != NULL);
  fprintf(left_open, "eight\n");

  getrlimit(RLIMIT_NOFILE, &limit);
  assert(limit.rlim_cur != 77);
  limit.rlim_cur = 77;
  assert(setrlimit(RLIMIT_NOFILE, &limit) == 0);

  assert(strcmp(setlocale(LC_ALL, NULL), "C") == 0);
  assert(setlocale(LC_ALL, "C.UTF-8") != NULL);

  if (arguments_count > 2) close_everything();
  return 0; /* which writes what is left */
}
