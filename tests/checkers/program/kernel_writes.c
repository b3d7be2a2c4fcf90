/* Memory that only the kernel writes to, each piece on a page of its own that nobody has written to before: no call may
   fail for that. */
#define _GNU_SOURCE
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/times.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

static char pages[64][4096] __attribute__((aligned(4096)));
static int used;

static void* fresh(void) {
  assert(used < 64);
  return pages[used++];
}

static void works_(long result, const char* call) {
  if (result != -1 || errno != EFAULT) return;
  fprintf(stderr, "%s writes to memory that it may not write to\n", call);
  exit(9);
}
#define WORKS(call) (errno = 0, works_((long)(call), #call))

static void files(int file, int nowhere) {
  struct iovec part;
  FILE* stream;
  WORKS(fstat(file, fresh()));
  WORKS(statx(AT_FDCWD, "/", 0, STATX_BASIC_STATS, fresh()));
  WORKS(fstatvfs(file, fresh()));
  WORKS(getcwd(fresh(), 4096) == NULL ? -1 : 0);
  WORKS(readlink("/proc/self/exe", fresh(), 4096));
  WORKS(readlinkat(AT_FDCWD, "/proc/self/exe", fresh(), 4096));
  WORKS(read(file, fresh(), 100));
  WORKS(pread(file, fresh(), 100, 0));
  part.iov_base = fresh();
  part.iov_len = 100;
  WORKS(readv(file, &part, 1));
  part.iov_base = fresh();
  WORKS(preadv(file, &part, 1, 0));
  WORKS(sendfile(nowhere, file, fresh(), 100));
  WORKS(copy_file_range(file, fresh(), nowhere, NULL, 100, 0));
  stream = fopen("/proc/self/exe", "r");
  WORKS(fread(fresh(), 1, 4096, stream) > 0 ? 0 : -1);
  WORKS(fread_unlocked(fresh(), 1, 4096, stream) > 0 ? 0 : -1);
  fclose(stream);
  stream = fopen("/proc/self/exe", "r");
  setvbuf(stream, fresh(), _IOFBF, 4096);
  WORKS(fgetc(stream));
  fclose(stream);
}

static void sockets(void) {
  int ends[2];
  socklen_t* const length = fresh();
  struct mmsghdr* const messages = fresh();
  struct iovec part;
  WORKS(socketpair(AF_UNIX, SOCK_DGRAM, 0, fresh()));
  assert(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) == 0);
  write(ends[0], "text", 4);
  WORKS(recv(ends[1], fresh(), 4096, 0));
  write(ends[0], "text", 4);
  *length = 100;
  WORKS(recvfrom(ends[1], fresh(), 4096, 0, fresh(), length));
  write(ends[0], "text", 4);
  part.iov_base = fresh();
  part.iov_len = 100;
  messages->msg_hdr.msg_iov = &part;
  messages->msg_hdr.msg_iovlen = 1;
  WORKS(recvmmsg(ends[1], messages, 1, 0, NULL));
  *length = 100;
  WORKS(getsockname(ends[0], fresh(), length));
  *length = 4;
  WORKS(getsockopt(ends[0], SOL_SOCKET, SO_TYPE, fresh(), length));
}

static void waits(void) {
  int* const ends = fresh();
  struct pollfd* const request = fresh();
  fd_set* const writable = fresh();
  struct epoll_event event = {EPOLLOUT, {0}};
  const struct timespec now = {0, 0};
  int polling;
  WORKS(pipe(ends));
  request->fd = ends[1];
  request->events = POLLOUT;
  WORKS(poll(request, 1, 0));
  WORKS(ppoll(request, 1, &now, NULL));
  FD_SET(ends[1], writable);
  WORKS(select(ends[1] + 1, NULL, writable, NULL, fresh()));
  polling = epoll_create1(0);
  epoll_ctl(polling, EPOLL_CTL_ADD, ends[1], &event);
  WORKS(epoll_wait(polling, fresh(), 4, 0));
}

static void signals(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR2);
  WORKS(sigprocmask(SIG_BLOCK, &set, fresh()));
  raise(SIGUSR2);
  WORKS(sigpending(fresh()));
  WORKS(sigwaitinfo(&set, fresh()));
  raise(SIGUSR2);
  WORKS(sigwait(&set, fresh()));
}

static void times_and_limits(void) {
  struct itimerspec late = {{0, 0}, {1000, 0}};
  const int timer = timerfd_create(CLOCK_MONOTONIC, 0);
  WORKS(timerfd_settime(timer, 0, &late, fresh()));
  WORKS(timerfd_gettime(timer, fresh()));
  WORKS(clock_gettime(CLOCK_MONOTONIC, fresh()));
  WORKS(clock_getres(CLOCK_PROCESS_CPUTIME_ID, fresh()));
  WORKS(getitimer(ITIMER_REAL, fresh()));
  WORKS(times(fresh()));
  WORKS(getrusage(RUSAGE_SELF, fresh()));
  WORKS(getrlimit(RLIMIT_NOFILE, fresh()));
  WORKS(sched_getparam(0, fresh()));
  WORKS(sched_getaffinity(0, sizeof(cpu_set_t), fresh()));
  WORKS(getresuid(fresh(), fresh(), fresh()));
  WORKS(getgroups(16, fresh()));
  WORKS(prctl(PR_GET_PDEATHSIG, fresh()));
  WORKS(uname(fresh()));
}

static void* work(void* unused) {
  files(open("/proc/self/exe", O_RDONLY), open("/dev/null", O_WRONLY));
  sockets();
  waits();
  signals();
  times_and_limits();
  return unused;
}

int main(void) {
  pthread_t other;
  pthread_create(&other, NULL, work, NULL);
  pthread_join(other, NULL);
  return 0;
}
