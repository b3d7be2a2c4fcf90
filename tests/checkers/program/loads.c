/* Loads plugin.c, in the library that is named, and leaves it loaded: the next execution begins without it. */
#include <dlfcn.h>
#include <pthread.h>

typedef int (*function)(int);
static function add;

static void *one(void *unused) {
  add(1);
  return unused;
}

int main(int count, char **arguments) {
  pthread_t other;
  void *library = count > 1 ? dlopen(arguments[1], RTLD_NOW) : 0;
  if (library == 0) return 1;
  *(void **)&add = dlsym(library, "add");
  pthread_create(&other, 0, one, 0);
  add(1);
  pthread_join(other, 0);
  return add(0) == 3 ? 0 : 2;
}
