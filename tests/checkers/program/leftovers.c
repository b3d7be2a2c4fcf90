/* leftovers WAY: what an execution leaves, each by a way of its own, which the next must not find. */
#define _GNU_SOURCE
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <pwd.h>
#include <sched.h>
#include <search.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void* visit(void* unused) {
  pthread_mutex_lock(&mutex);
  pthread_mutex_unlock(&mutex);
  return unused;
}

static int next_descriptor(void) {
  const int next = dup(0);
  close(next);
  return next;
}

static void duplicate(void) { assert(fcntl(0, F_DUPFD, 3) == 3 && fcntl(0, F_DUPFD_CLOEXEC, 3) == 4); }

static void temporary(void) {
  char with_end[] = "XXXXXX.end", of_64_bits[] = "XXXXXX";
  assert(mkstemps(with_end, 4) == 3 && mkstemp64(of_64_bits) == 4 && fileno(tmpfile64()) == 5);
  unlink(with_end);
  unlink(of_64_bits);
  assert(posix_openpt(O_RDWR | O_NOCTTY) < 7);
}

static void system_call(void) {
  static int ends[2]; /* on a page that the kernel must be let write to */
  static char buffer[10000];
  assert(syscall(SYS_openat, AT_FDCWD, ".", O_RDONLY) == 3);
  assert(syscall(SYS_pipe2, ends, 0) == 0 && ends[0] == 4 && ends[1] == 5);
  assert(syscall(SYS_write, ends[1], "text", 4ul) == 4);
  assert(syscall(SYS_read, ends[0], buffer, sizeof buffer) == 4 && memcmp(buffer, "text", 5) == 0);
  assert(syscall(SYS_getcwd, buffer, sizeof buffer) > 1);
  assert(syscall(SYS_dup3, ends[0], 9, 0) == 9);
  assert(syscall(SYS_dup3, 9, 9, 0) == -1 && errno == EINVAL);
  assert(syscall(SYS_dup2, ends[1], 1) == 1 && syscall(SYS_close, 0) == 0);
}

/* Memory that is mapped stays in use, whole or what is left of it, where it was or elsewhere. */
static void mapped(void) {
  const size_t size = 4 << 20, page = 4096;
  const int access = PROT_READ | PROT_WRITE, flags = MAP_PRIVATE | MAP_ANONYMOUS;
  int pages = 0;
  char *trimmed, *moved;
  FILE* const statistics = fopen("/proc/self/statm", "r");
  assert(fscanf(statistics, "%*d %d", &pages) == 1 && pages < 80000);
  trimmed = mmap(NULL, size, access, flags, -1, 0);
  assert(munmap(trimmed, page) == 0 && munmap(trimmed + size - page, page) == 0);
  memset(trimmed + page, 1, size - 2 * page);
  moved = mmap(NULL, page, access, flags, -1, 0);
  moved = mremap(moved, page, size, MREMAP_MAYMOVE);
  memset(moved, 1, size);
  assert(munmap(moved, -page) == -1 && madvise(moved, -page, MADV_DONTNEED) == -1);
}

/* The end of the program's data. */
static void program_break(void) {
  const int size = 10000;
  char* const first = sbrk(100);
  assert(first[0] == 0 && first[99] == 0);
  memset(first, 1, 100);
  assert(sbrk(size) == first + 100);
  memset(first + 100, 2, size);
  assert(sbrk(-size) == first + 100 + size && sbrk(0) == first + 100);
  assert(brk(first + size) == 0 && sbrk(5l << 30) == (void*)-1 && errno == ENOMEM);
}

/* A descriptor that comes with a message. */
static void passed(void) {
  int ends[2], descriptor = 0;
  char byte = 0;
  union {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int))];
  } control;
  struct iovec part;
  struct msghdr message = {0};
  memset(&control, 0, sizeof control);
  part.iov_base = &byte;
  part.iov_len = 1;
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = &control;
  message.msg_controllen = sizeof control;
  control.header.cmsg_level = SOL_SOCKET;
  control.header.cmsg_type = SCM_RIGHTS;
  control.header.cmsg_len = CMSG_LEN(sizeof(int));
  memcpy(CMSG_DATA(&control.header), &descriptor, sizeof descriptor);
  assert(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) == 0);
  assert(sendmsg(ends[0], &message, 0) == 1 && recvmsg(ends[1], &message, 0) == 1);
  memcpy(&descriptor, CMSG_DATA(&control.header), sizeof descriptor);
  assert(descriptor == 5);
}

/* A stream that could not be opened anew is closed. */
static void not_reopened(void) {
  assert(freopen("no/such/file", "r", stdin) == NULL);
  assert(open("/dev/null", O_RDONLY) == 0);
}

static void other_mode(void) {
  assert(freopen("both", "w+", stdin) == stdin && freopen("both", "r+", stdout) == stdout);
}

/* What is written to a closed stream does not reach the file that has its descriptor now. */
static void closed_output(void) {
  fclose(stdout);
  assert(open("instead", O_WRONLY | O_CREAT | O_TRUNC, 0600) == 1);
  printf("nowhere\n");
  fflush(stdout);
  assert(lseek(1, 0, SEEK_END) == 0);
  close(1);
  assert(freopen("again", "w", stdout) == stdout && fileno(stdout) == 1);
}

static void other_output(void) {
  fclose(stdout);
  stdout = fopen("other", "w");
  assert(stdout != NULL && fileno(stdout) == 1);
  printf("written\n");
}

/* The C library's memory must not grow with the executions. */
static void few_bytes(void) {
  const struct mallinfo used = mallinfo();
  assert(used.uordblks + used.hblkhd < 10000000);
}

static void many_streams(void) {
  int i;
  few_bytes();
  for (i = 0; i < 200; ++i) {
    FILE* const stream = fopen("/dev/null", "r");
    assert(fileno(stream) == 3 + i);
    fgetc(stream);
  }
}

static void memory_streams(void) {
  static char text[200000];
  static char* written;
  static size_t size;
  few_bytes();
  memset(text, 'x', sizeof text);
  fwrite(text, sizeof text, 1, open_memstream(&written, &size));
  fgetc(fmemopen(text, sizeof text, "r"));
}

static void time_zone(void) {
  putenv((char*)"TZ=ABC+3");
  tzset();
  assert(timezone == 3 * 3600);
}

static void users(void) { assert(getpwent() != NULL && strcmp(getpwent()->pw_name, "root") != 0); }

static void table(void) {
  ENTRY entry = {(char*)"key", NULL};
  assert(hcreate(10) != 0 && hsearch(entry, FIND) == NULL);
  hsearch(entry, ENTER);
}

static void scheduling(void) {
  const struct sched_param lowest = {0};
  const pid_t thread = gettid();
  cpu_set_t processors, first;
  assert(sched_getaffinity(thread, sizeof processors, &processors) == 0);
  CPU_ZERO(&first);
  for (int i = 0; i < CPU_SETSIZE && CPU_COUNT(&first) == 0; ++i)
    if (CPU_ISSET(i, &processors)) CPU_SET(i, &first);
  assert(sched_setaffinity(0, sizeof first, &first) == 0 && sched_setaffinity(thread, sizeof first, &first) == 0);
  assert(sched_setscheduler(thread, SCHED_BATCH, &lowest) == 0 && sched_getscheduler(0) == SCHED_OTHER);
  assert(getpriority(PRIO_PROCESS, 0) == 0 && nice(3) == 3);
  assert(syscall(SYS_setpriority, PRIO_PROCESS, thread, 4) == 0 && getpriority(PRIO_PROCESS, thread) == 4);
  assert(syscall(SYS_getpriority, PRIO_PROCESS, getpid()) == 16);
  assert(kill(getpid(), 0) == 0 && kill(thread, 0) == 0);
}

static const struct {
  const char* name;
  void (*run)(void);
} ways[] = {
    {"duplicate", duplicate},
    {"temporary", temporary},
    {"system_call", system_call},
    {"mapped", mapped},
    {"program_break", program_break},
    {"passed", passed},
    {"not_reopened", not_reopened},
    {"other_mode", other_mode},
    {"closed_output", closed_output},
    {"other_output", other_output},
    {"many_streams", many_streams},
    {"memory_streams", memory_streams},
    {"time_zone", time_zone},
    {"users", users},
    {"table", table},
    {"scheduling", scheduling},
};

int main(int arguments_count, char** arguments) {
  pthread_t other;
  size_t i;
  if (arguments_count < 2) return 2;
  assert(next_descriptor() == 3); /* the caller leaves it free */
  pthread_create(&other, NULL, visit, NULL);
  visit(NULL);
  pthread_join(other, NULL);
  for (i = 0; i < sizeof ways / sizeof *ways; ++i)
    if (strcmp(arguments[1], ways[i].name) == 0) return ways[i].run(), 0;
  return 3;
}
