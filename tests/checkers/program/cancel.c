/* A thread that is cancelled while it waits, in C: with a cleanup handler or without. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;

static void unlock(void* argument) {
  (void)argument;
  pthread_mutex_unlock(&mutex);
}

static void* tidy(void* argument) {
  (void)argument;
  pthread_mutex_lock(&mutex);
  pthread_cleanup_push(unlock, NULL);
  for (;;) pthread_cond_wait(&condition, &mutex);
  pthread_cleanup_pop(1);
  return NULL;
}

static void* untidy(void* argument) {
  (void)argument;
  pthread_mutex_lock(&mutex);
  for (;;) pthread_cond_wait(&condition, &mutex);
  return NULL;
}

static void* leaves(void* argument) {
  (void)argument;
  pthread_mutex_lock(&mutex);
  pthread_cleanup_push(unlock, NULL);
  pthread_exit(NULL);
  pthread_cleanup_pop(1);
  return NULL;
}

int main(int count, char** arguments) {
  pthread_t thread;
  const char* how = count > 1 ? arguments[1] : "tidy";
  void* (*start)(void*) = strcmp(how, "untidy") == 0 ? untidy : strcmp(how, "leaves") == 0 ? leaves : tidy;
  pthread_create(&thread, NULL, start, NULL);
  if (start != leaves) pthread_cancel(thread);
  pthread_join(thread, NULL);
  pthread_mutex_lock(&mutex);
  pthread_mutex_unlock(&mutex);
  puts("ended");
  return 0;
}
