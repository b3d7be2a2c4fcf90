/* alike ADDRESS FILE: two pages at the address, and in the file what the system would tell each process anew: where
   other memory lies, which processor this is, what was used. Then two threads that lose an update. */
#define _GNU_SOURCE
#include <assert.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/times.h>
#include <unistd.h>

#include "in_two.h"

enum { kPage = 4096 };

static atomic_int counter;

static void* add(void* unused) {
  counter = counter + 1;
  return unused;
}

static char* map(void* at, size_t size) {
  char* memory = mmap(at, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  assert(memory != MAP_FAILED);
  memory[size - 1] = 1;
  return memory;
}

int main(int count, char** arguments) {
  assert(count == 3);
  char* const wanted = (char*)strtoull(arguments[1], NULL, 0);
  assert(map(wanted, 2 * kPage) == wanted);
  char* const taken = map(wanted, kPage);
  char* const first = map(NULL, 3 * kPage);
  char* const second = map(NULL, kPage);
  munmap(first, 3 * kPage);
  char* const again = map(NULL, 2 * kPage);
  char* const moved = mremap(second, kPage, 64 * kPage, MREMAP_MAYMOVE);
  assert(moved != MAP_FAILED && moved[kPage - 1] == 1);
  moved[63 * kPage] = 1;
  char* const grown = mremap(again, 2 * kPage, 3 * kPage, MREMAP_MAYMOVE);
  const int segment = shmget(IPC_PRIVATE, kPage, IPC_CREAT | 0600);
  void* const attached = shmat(segment, NULL, 0);
  assert(attached != (void*)-1);
  unsigned processor = 0, node = 0;
  assert(syscall(SYS_getcpu, &processor, &node, NULL) == 0 && (int)processor == sched_getcpu());
  struct tms times_used;
  struct rusage used;
  const clock_t ticks = times(&times_used);
  assert(getrusage(RUSAGE_SELF, &used) == 0);
  FILE* file = fopen(arguments[2], "w");
  fprintf(file, "%p %p %p %p %p %p %p\n", (void*)taken, (void*)first, (void*)second, (void*)again, (void*)moved,
          (void*)grown, attached);
  unsigned short by_descriptor, by_stream;
  const int device = open("/dev/urandom", O_RDONLY);
  assert(read(device, &by_descriptor, sizeof by_descriptor) == sizeof by_descriptor);
  FILE* const stream = fopen("/dev/urandom", "r");
  assert(fread(&by_stream, sizeof by_stream, 1, stream) == 1 && by_stream != by_descriptor);
  fprintf(file, "%hu %hu ", by_descriptor, by_stream);
  fprintf(file, "%u %u %ld %ld %ld.%06ld %ld %d\n", processor, node, (long)ticks, (long)times_used.tms_utime,
          (long)used.ru_utime.tv_sec, (long)used.ru_utime.tv_usec, used.ru_minflt, (int)gettid());
  fclose(file);
  in_two(add, add);
  assert(counter == 2);
  return 0;
}
