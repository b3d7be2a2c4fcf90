// A function that runs in a process of its own, and never for longer than its deadline.
//
//   Child child([&] { queue.put(1); });
//   assert(child.join() == Ending::well);
//
// The child is forked: it has a copy of everything, and shares only what lies in SharedMemory. It ends by _exit(), so
// that the parent's destructors do not run in it. Nothing of it is left behind: the destructor kills it and collects
// it; the kernel kills it when the thread that made it ends; and its own alarm kills it if all that fails.
//
// Make children before the first thread: only the thread that forks lives on in the child, and a mutex that another
// held at that moment stays locked there for ever (the allocator's, for example).
#pragma once

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <system_error>
#include <utility>

namespace racecourse::process {

enum class Ending {
  well,    // the function returned
  badly,   // it called exit() with something else than 0
  killed,  // by a signal: its own death (die_now(), a crash), or somebody else's kill()
  late,    // the deadline passed, and it was killed for that
};

// As a kill does it: at once, without destructors, with every lock in hand.
[[noreturn]] inline void die_now() {
  kill(getpid(), SIGKILL);
  while (true) pause();  // the signal may take a moment
}

class Child {
 public:
  template <class F>
  explicit Child(F function, std::chrono::seconds deadline = std::chrono::seconds(10))
      : deadline_(std::chrono::steady_clock::now() + deadline) {
    std::fflush(nullptr);  // or the child would print once more what is buffered here
    const pid_t parent = getpid();
    process_ = fork();
    if (process_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
    if (process_ == 0) live(function, parent, deadline);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    kill();
    join();
  }

  // Waits for its end; once it is late, kills it. Again: the same answer.
  Ending join() {
    for (long pause = kFirstPause; process_ > 0 && !collect(WNOHANG); pause = std::min(pause * 2, kLongestPause)) {
      if (std::chrono::steady_clock::now() >= deadline_) {
        ::kill(process_, SIGKILL);
        collect(0);
        ending_ = Ending::late;
      } else {
        // There is no wait for a child with a deadline that a library could use without a signal handler.
        const timespec time{0, pause};
        nanosleep(&time, nullptr);
      }
    }
    return ending_;
  }

  void kill() {
    if (process_ > 0) ::kill(process_, SIGKILL);
  }

  bool ended() { return process_ <= 0 || collect(WNOHANG); }

 private:
  static constexpr long kFirstPause = 50'000;       // ns
  static constexpr long kLongestPause = 5'000'000;  // ns

  // noexcept: an exception that leaves the function ends the child as it would end a program.
  template <class F>
  [[noreturn]] static void live(F& function, pid_t parent, std::chrono::seconds deadline) noexcept {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) die_now();  // it ended before we said so
    alarm(static_cast<unsigned>(deadline.count()) + 1);
    function();
    std::fflush(nullptr);
    _exit(0);
  }

  bool collect(int options) {
    int status = 0;
    pid_t found = 0;
    do {
      found = waitpid(process_, &status, options);
    } while (found < 0 && errno == EINTR);
    if (found == 0) return false;
    // found < 0: somebody else has collected it (SIGCHLD is ignored), and its end is not known.
    const bool exited = found > 0 && WIFEXITED(status);
    ending_ = !exited ? Ending::killed : WEXITSTATUS(status) == 0 ? Ending::well : Ending::badly;
    process_ = 0;
    return true;
  }

  const std::chrono::steady_clock::time_point deadline_;
  pid_t process_ = 0;  // 0: collected
  Ending ending_ = Ending::well;
};

}  // namespace racecourse::process
