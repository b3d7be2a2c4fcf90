/* Functions on strings that a compiler knows to the letter, beside a thread that uses the same strings: at once, or with
 * an argument, after it has ended. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static char s[64] = "hello";

static void *greet(void *unused) {
  strcpy(s, "good morning to you all");
  return unused;
}

static void *ask(void *unused) {
  return strcmp(s, "hi") == 0 ? unused : NULL;
}

static void *print(void *unused) {
  sprintf(s, "good morning");
  return unused;
}

static void *copy(void *unused) {
  char own[64];
  snprintf(own, sizeof own, "%s", s);
  return own[0] == 'h' ? unused : NULL;
}

static void *scan(void *unused) {
  sscanf("one two", "%s", s);
  return unused;
}

static void *number(void *unused) {
  return atoi(s) == 0 ? unused : NULL;
}

static void *clear(void *unused) {
  bzero(s, 16);
  return unused;
}

static void *(*body(const char *name))(void *) {
  if (strcmp(name, "ask") == 0) return ask;
  if (strcmp(name, "print") == 0) return print;
  if (strcmp(name, "scan") == 0) return scan;
  if (strcmp(name, "number") == 0) return number;
  if (strcmp(name, "clear") == 0) return clear;
  return strcmp(name, "copy") == 0 ? copy : greet;
}

static void run(void *(*body)(void *), int at_once) {
  pthread_t thread;
  pthread_create(&thread, NULL, body, NULL);
  if (!at_once) pthread_join(thread, NULL);
  s[0] = 'H';
  if (at_once) pthread_join(thread, NULL);
}

int main(int count, char **arguments) {
  run(body(count > 1 ? arguments[1] : "greet"), count < 3);
  return 0;
}
