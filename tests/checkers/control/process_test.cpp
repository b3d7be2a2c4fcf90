// What a worker is said to do while it gets nowhere.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/userfaultfd.h>
#include <racecourse/checkers/control/process.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <functional>

namespace racecourse::control {
namespace {

// Memory that the kernel never brings to this process; null where it lets nobody ask for that.
char* page_that_never_comes() {
  constexpr std::size_t kPage = 4096;
  const int descriptor = static_cast<int>(syscall(SYS_userfaultfd, O_CLOEXEC));
  uffdio_api api = {.api = UFFD_API, .features = 0, .ioctls = 0};
  if (descriptor < 0 || ioctl(descriptor, UFFDIO_API, &api) != 0) return nullptr;
  void* const page = mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  uffdio_register memory = {
      .range = {reinterpret_cast<std::uintptr_t>(page), kPage}, .mode = UFFDIO_REGISTER_MODE_MISSING, .ioctls = 0};
  return ioctl(descriptor, UFFDIO_REGISTER, &memory) == 0 ? static_cast<char*>(page) : nullptr;
}

char state_of(pid_t process) {
  char path[64];
  std::snprintf(path, sizeof path, "/proc/%d/stat", static_cast<int>(process));
  std::FILE* const file = std::fopen(path, "r");
  char state = '?';
  if (file != nullptr && std::fscanf(file, "%*d %*s %c", &state) != 1) state = '?';
  if (file != nullptr) std::fclose(file);
  return state;
}

// Asked when it sleeps, or has ended.
bool seems_asleep(const std::function<void()>& work) {
  const pid_t process = fork();
  if (process == 0) {
    work();
    _exit(0);
  }
  char state = state_of(process);
  for (; state != 'S' && state != 'D' && state != 'Z'; state = state_of(process)) usleep(1000);
  const bool asleep = activity(process).asleep;
  kill(process, SIGKILL);
  waitpid(process, nullptr, 0);
  EXPECT_NE(state, 'Z') << "it did not wait at all";
  return asleep;
}

TEST(Process, IsAsleepInASystemCall) {
  EXPECT_TRUE(seems_asleep([] { pause(); }));
}

// A machine that is short of memory is no body that blocks.
TEST(Process, IsNotAsleepWhileItWaitsForAPage) {
  if (page_that_never_comes() == nullptr) GTEST_SKIP() << "userfaultfd is not permitted here";
  EXPECT_FALSE(seems_asleep([] { *static_cast<volatile char*>(page_that_never_comes()) = 1; }));
}

}  // namespace
}  // namespace racecourse::control
