#include <fcntl.h>
#include <racecourse/checkers/runtime/interpose/own_number.h>
#include <racecourse/checkers/runtime/interpose/random.h>
#include <racecourse/checkers/runtime/interpose/stand_in.h>
#include <racecourse/checkers/runtime/runtime.h>
#include <sys/syscall.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace racecourse::runtime {

namespace {

// As much as anybody reads, and above the numbers that the program may get.
constexpr int kRandomPages = 16, kHigh = 900;

long random_file() {
  const long low = raw_syscall(SYS_memfd_create, reinterpret_cast<long>("random"));
  const long file = low < 0 ? low : raw_syscall(SYS_fcntl, low, F_DUPFD_CLOEXEC, kHigh);
  if (low >= 0) raw_syscall(SYS_close, low);
  for (int i = 0; file >= 0 && i < kRandomPages; ++i) {
    char page[4096];
    fill_random(page, sizeof page);
    raw_syscall(SYS_write, file, reinterpret_cast<long>(page), sizeof page);
  }
  return file;
}

// What follows "/proc/" and the program's number, or null.
const char* in_own_folder(const char* path) {
  constexpr const char* kFolder = "/proc/";
  if (std::strncmp(path, kFolder, std::strlen(kFolder)) != 0) return nullptr;
  char* rest = nullptr;
  if (std::strtol(path + std::strlen(kFolder), &rest, 10) != kFirstThreadNumber) return nullptr;
  return *rest == '/' || *rest == 0 ? rest : nullptr;
}

}  // namespace

StandIn::StandIn(const char* path) : path_(path) {
  if (!rt.executing || path == nullptr || path[0] != '/') return;
  if (std::strcmp(path, "/dev/urandom") == 0 || std::strcmp(path, "/dev/random") == 0) {
    file_ = random_file();
    if (file_ < 0) return;
    std::snprintf(other_, sizeof other_, "/proc/self/fd/%ld", file_);
  } else {
    const char* const rest = in_own_folder(path);
    if (rest == nullptr || std::strlen(rest) > 200) return;
    std::snprintf(other_, sizeof other_, "/proc/self%s", rest);
  }
  path_ = other_;
}

StandIn::~StandIn() {
  if (file_ >= 0) raw_syscall(SYS_close, file_);
}

}  // namespace racecourse::runtime
