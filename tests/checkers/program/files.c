/* What two threads do to files, so that one order of them fails: no search may take them for independent. */
#define _GNU_SOURCE
#include <assert.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "in_two.h"

static const char* way;
static int seen = -1;
static FILE* stream;
static char* data_end;
static struct rlimit small;
static pthread_t main_thread;
static atomic_int* page;
static int first_number;

enum { kPage = 4096 };

static int is(const char* name) { return strcmp(way, name) == 0; }

static void* first(void* unused) {
  if (is("number")) seen = open("/dev/null", O_RDONLY);
  if (is("bare")) seen = (int)syscall(SYS_dup, 0);
  if (is("break")) seen = (int)((char*)sbrk(16) - data_end);
  if (is("limit")) setrlimit(RLIMIT_MSGQUEUE, &small);
  if (is("called")) pthread_setname_np(main_thread, "0");
  if (is("closed")) close(3);
  if (is("name")) unlink("file");
  if (is("stream")) fclose(stream);
  if (is("written")) fflush(stream);
  if (is("drawn")) seen = rand() == first_number;
  if (strncmp(way, "page", 4) == 0) seen = *page;
  return unused;
}

static void* second(void* unused) {
  char letter = 'n';
  if (is("number")) open("/dev/null", O_RDONLY);
  if (is("bare")) syscall(SYS_dup, 0);
  if (is("break")) sbrk(16);
  if (is("limit")) {
    struct rlimit now;
    getrlimit(RLIMIT_MSGQUEUE, &now);
    seen = (int)now.rlim_cur;
  }
  if (is("called")) pthread_setname_np(main_thread, "1");
  if (is("closed")) seen = open("/dev/null", O_RDONLY);
  if (is("name")) seen = access("file", F_OK);
  if (is("stream")) seen = open("/dev/null", O_RDONLY);
  if (is("written")) {
    const int file = open("file", O_RDONLY);
    seen = pread(file, &letter, 1, 0) == 1;
  }
  if (is("drawn")) rand();
  if (is("page_unmapped")) munmap(page, kPage);
  if (is("page_advised")) madvise(page, kPage, MADV_DONTNEED);
  if (is("page_covered")) mmap(page, kPage, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  if (is("page_protected")) mprotect(page, kPage, PROT_NONE);
  if (is("page_moved")) mremap(page, kPage, kPage, MREMAP_MAYMOVE | MREMAP_FIXED, (char*)page - kPage);
  return unused;
}

int main(int count, char** arguments) {
  assert(count == 3);
  way = arguments[1];
  data_end = sbrk(0);
  getrlimit(RLIMIT_MSGQUEUE, &small);
  small.rlim_cur = 16;
  main_thread = pthread_self();
  srand(1);
  first_number = rand();
  srand(1);
  page = mmap(NULL, kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  stream = fopen("file", "w");
  fputs("text", stream);
  in_two(first, second);
  if (is("called")) {
    char name[16];
    pthread_getname_np(main_thread, name, sizeof name);
    seen = name[0] - '0';
  }
  assert(seen != atoi(arguments[2]));
  return 0;
}
