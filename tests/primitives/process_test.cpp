// What primitives between processes are made of: children that end, memory that is shared, a lock that outlives its
// holder.
#include <gtest/gtest.h>
#include <racecourse/primitives/process/child.h>
#include <racecourse/primitives/process/mutex.h>
#include <racecourse/primitives/process/shared_memory.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <new>

namespace racecourse::process {
namespace {

using namespace std::chrono_literals;

TEST(Child, SaysHowItEnded) {
  EXPECT_EQ(Child([] {}).join(), Ending::well);
  EXPECT_EQ(Child([] { _exit(3); }).join(), Ending::badly);
  EXPECT_EQ(Child([] { die_now(); }).join(), Ending::killed);
  Child twice([] {});
  EXPECT_EQ(twice.join(), Ending::well);
  EXPECT_EQ(twice.join(), Ending::well);
}

TEST(Child, IsKilledWhenItIsLate) {
  Child sleeper([] { sleep(100); }, 1s);
  EXPECT_FALSE(sleeper.ended());
  EXPECT_EQ(sleeper.join(), Ending::late);
  EXPECT_TRUE(sleeper.ended());
}

TEST(Child, IsNotLeftBehind) {
  SharedMemory<std::atomic<pid_t>> number(0);
  {
    Child sleeper([number] {
      *number = getpid();
      sleep(100);
    });
    while (*number == 0) usleep(1000);
  }
  EXPECT_EQ(kill(*number, 0), -1);
  EXPECT_EQ(errno, ESRCH);
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

TEST(Child, EndsWithItsParent) {
  SharedMemory<std::atomic<pid_t>> number(0);
  Child parent([number] {
    Child grandchild([number] {
      *number = getpid();
      sleep(100);
    });
    while (*number == 0) usleep(1000);
    die_now();
  });
  EXPECT_EQ(parent.join(), Ending::killed);
  // It is nobody's child now; whoever collects it may take a moment, but it does not run any more.
  for (int i = 0; i < 1000 && kill(*number, 0) == 0; i++) {
    char path[64], state = 'Z';
    std::snprintf(path, sizeof path, "/proc/%d/stat", number->load());
    if (std::FILE* file = std::fopen(path, "r")) {
      if (std::fscanf(file, "%*d %*s %c", &state) != 1) state = 'Z';
      std::fclose(file);
    }
    if (state == 'Z') break;
    ASSERT_LT(i, 999);
    usleep(1000);
  }
}

TEST(SharedMemory, IsTheSameInEveryProcess) {
  struct Head {
    explicit Head(int start) : count(start) {}
    std::atomic<int> count;
  };
  SharedMemory<Head, double> memory(1000, 5);
  int mine = 1;
  Child child([&] {
    memory->count++;
    memory.item(999) = 0.25;
    mine = 2;
  });
  EXPECT_EQ(child.join(), Ending::well);
  EXPECT_EQ(memory->count, 6);
  EXPECT_EQ(memory.item(999), 0.25);
  EXPECT_EQ(memory.item(998), 0);
  EXPECT_EQ(mine, 1);  // what is not shared is a copy
}

TEST(SharedMemory, RefusesWhatNoMachineHas) { EXPECT_THROW((SharedMemory<int, double>(SIZE_MAX / 4)), std::bad_alloc); }

TEST(ProcessMutex, ExcludesProcesses) {
  struct Head {
    Mutex mutex{kShared | kRobust};
    long count = 0;  // guarded by mutex
  };
  SharedMemory<Head> memory(0);
  auto add = [memory] {
    for (int i = 0; i < 2'000; i++) {
      std::lock_guard guard(memory->mutex);
      memory->count++;
    }
  };
  Child first(add), second(add);
  EXPECT_EQ(first.join(), Ending::well);
  EXPECT_EQ(second.join(), Ending::well);
  EXPECT_EQ(memory->count, 4'000);
}

TEST(ProcessMutex, OutlivesItsHolder) {
  SharedMemory<Mutex> mutex(0, kShared | kRobust);
  Child dies([mutex] {
    mutex->lock();
    die_now();
  });
  EXPECT_EQ(dies.join(), Ending::killed);
  std::lock_guard guard(*mutex);
  EXPECT_EQ(mutex->deaths(), 1u);
  Child other([mutex] { _exit(mutex->try_lock() ? 1 : 0); });
  EXPECT_EQ(other.join(), Ending::well);
}

}  // namespace
}  // namespace racecourse::process
