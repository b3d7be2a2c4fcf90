#include <fcntl.h>
#include <racecourse/checkers/runtime/interpose/random.h>
#include <racecourse/checkers/runtime/interpose/stand_in.h>
#include <racecourse/checkers/runtime/runtime.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include <cstdio>
#include <cstring>

namespace racecourse::runtime {

namespace {

// More than most read; behind them there are zeros without end. And above the numbers that the program may get.
constexpr int kPages = 16, kHigh = 900;
constexpr long kEnd = 1l << 50;

long random_file() {
  rlimit most{};
  raw_syscall(SYS_prlimit64, 0, RLIMIT_FSIZE, 0, reinterpret_cast<long>(&most));
  if (most.rlim_cur != RLIM_INFINITY) return -1;
  const long low = raw_syscall(SYS_memfd_create, reinterpret_cast<long>("random"));
  if (low < 0) return low;
  const long file = raw_syscall(SYS_fcntl, low, F_DUPFD_CLOEXEC, kHigh);
  raw_syscall(SYS_close, low);
  for (int i = 0; file >= 0 && i < kPages; ++i) {
    char page[4096];
    fill_random(page, sizeof page);
    raw_syscall(SYS_write, file, reinterpret_cast<long>(page), sizeof page);
  }
  if (file >= 0) raw_syscall(SYS_ftruncate, file, kEnd);
  return file;
}

}  // namespace

StandIn::StandIn(const char* path) : path_(path) {
  if (!rt.executing || path == nullptr) return;
  if (std::strcmp(path, "/dev/urandom") != 0 && std::strcmp(path, "/dev/random") != 0) return;
  file_ = random_file();
  std::snprintf(name_, sizeof name_, "/proc/self/fd/%ld", file_);
}

StandIn::~StandIn() {
  if (file_ >= 0) raw_syscall(SYS_close, file_);
}

}  // namespace racecourse::runtime
