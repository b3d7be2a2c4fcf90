// Bodies that misbehave: each ends as a named verdict, and the tests after it still run.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <exception>
#include <future>
#include <mutex>
#include <stdexcept>

#include "support.h"

namespace racecourse {
namespace {

using testing_support::impatient;
using testing_support::summary;

TEST(BadBody, EmptyIsProved) {
  const Verdict verdict = search([] {});
  EXPECT_EQ(verdict.state, State::proved);
  EXPECT_EQ(verdict.executions, 1u);
  EXPECT_EQ(verdict.text, "proved: one thread and nothing left to choose, so its one execution is all there is");
}

TEST(BadBody, WithoutThreadsButWrong) {
  EXPECT_EQ(summary(search([] { EXPECT_EQ(1 + 1, 3); })), "failed: assertion");
}

TEST(BadBody, NeverEnds) {
  const Verdict verdict = search([] {
    std::thread other([] {
      while (true) std::this_thread::yield();
    });
    other.join();
  });
  EXPECT_EQ(summary(verdict), "failed: non-termination");
}

TEST(BadBody, SpinsWithoutAVisibleOperation) {
  const Verdict verdict = search(
      [] {
        while (true) asm volatile("");
      },
      impatient());
  EXPECT_EQ(summary(verdict), "failed: hang");
}

TEST(BadBody, SpinsWithAllSignalsBlocked) {
  // The watchdog's signal does not get through; the worker has to be killed.
  const Verdict verdict = search(
      [] {
        sigset_t all;
        sigfillset(&all);
        sigprocmask(SIG_BLOCK, &all, nullptr);
        while (true) asm volatile("");
      },
      impatient());
  EXPECT_EQ(summary(verdict), "failed: hang");
}

TEST(BadBody, Exits) {
  EXPECT_EQ(summary(search([] { std::exit(3); })), "failed: exit");
  EXPECT_EQ(summary(search([] { std::exit(0); })), "failed: exit");
  EXPECT_EQ(summary(search([] { std::quick_exit(1); })), "failed: exit");
  EXPECT_EQ(summary(search([] { _exit(0); })), "failed: exit");
}

TEST(BadBody, ExitsBehindTheRuntimesBack) {
  const Verdict verdict = search([] { asm volatile("syscall" : : "a"(231 /* exit_group */), "D"(7)); });
  EXPECT_EQ(summary(verdict), "failed: exit");
  EXPECT_EQ(verdict.finding->message, "the body ended the process with exit status 7");
}

TEST(BadBody, Crashes) {
  EXPECT_EQ(summary(search([] { *static_cast<volatile int*>(nullptr) = 1; })), "failed: signal");
  EXPECT_EQ(summary(search([] { std::abort(); })), "failed: abort");
  EXPECT_EQ(summary(search([] { raise(SIGKILL); })), "failed: signal");
}

TEST(BadBody, CrashesInAnotherThread) {
  const Verdict verdict = search([] {
    std::thread other([] { *static_cast<volatile int*>(nullptr) = 1; });
    other.join();
  });
  EXPECT_EQ(summary(verdict), "failed: signal");
}

TEST(BadBody, OverflowsItsStack) {
  struct Deep {
    static int down(volatile int* above) {
      volatile int here[64] = {*above + 1};
      return *above < 0 ? 0 : down(here) + here[0];
    }
  };
  const Verdict verdict = search([] {
    volatile int zero = 0;
    Deep::down(&zero);
  });
  EXPECT_EQ(summary(verdict), "failed: signal");
}

TEST(BadBody, Throws) {
  const Verdict verdict = search([] { throw std::runtime_error("no such account"); });
  EXPECT_EQ(summary(verdict), "failed: exception");
  EXPECT_NE(verdict.finding->message.find("no such account"), std::string::npos) << verdict.finding->message;
}

TEST(BadBody, ThrowsInAnotherThread) {
  EXPECT_EQ(summary(search([] { std::thread([] { throw 42; }).join(); })), "failed: exception");
}

TEST(BadBody, ReadsAnEmptyPipe) {
  const Verdict verdict = search(
      [] {
        int ends[2];
        ASSERT_EQ(pipe(ends), 0);
        char byte;
        ASSERT_EQ(read(ends[0], &byte, 1), 1);
      },
      impatient());
  EXPECT_EQ(summary(verdict), "failed: uncontrolled-blocking");
}

TEST(BadBody, BlocksBehindTheRuntimesBack) {
  const Verdict verdict = search(
      [] {
        int ends[2];
        ASSERT_EQ(pipe(ends), 0);
        char byte;
        long result;
        asm volatile("syscall"
                     : "=a"(result)
                     : "0"(0 /* read */), "D"(ends[0]), "S"(&byte), "d"(1)
                     : "rcx", "r11", "memory");
      },
      impatient());
  EXPECT_EQ(summary(verdict), "failed: uncontrolled-blocking");
}

TEST(BadBody, LeavesThreadsRunning) {
  const Verdict verdict = search([] {
    std::thread([] {
      while (true) std::this_thread::yield();
    }).detach();
  });
  EXPECT_NE(verdict.state, State::unreliable) << verdict.text;
}

TEST(BadBody, DropsAJoinableThread) {
  // ~thread calls std::terminate.
  EXPECT_EQ(summary(search([] { std::thread other([] {}); })), "failed: thread-misuse");
}

TEST(BadBody, CallsTerminate) {
  EXPECT_EQ(summary(search([] { std::terminate(); })), "failed: abort");
  EXPECT_EQ(summary(search([] { std::thread([] { std::terminate(); }).join(); })), "failed: abort");
}

struct Shape {
  Shape() { draw(); }
  virtual ~Shape() = default;
  void draw() { paint(); }
  virtual void paint() = 0;
};
struct Circle : Shape {
  void paint() override {}
};

TEST(BadBody, CallsAPureVirtualFunction) {
  const Verdict verdict = search([] { Circle circle; });
  EXPECT_EQ(summary(verdict), "failed: abort");
  ASSERT_TRUE(verdict.finding);
  EXPECT_NE(verdict.finding->message.find("pure virtual"), std::string::npos) << verdict.finding->message;
}

TEST(BadBody, WaitsForItself) {
  EXPECT_EQ(summary(search([] {
              std::mutex mutex;
              mutex.lock();
              mutex.lock();
            })),
            "failed: self-deadlock");
}

TEST(BadBody, WaitsForAPromiseThatNobodyKeeps) {
  EXPECT_EQ(summary(search([] {
              std::promise<int> promise;
              promise.get_future().get();
            })),
            "failed: deadlock");
}

TEST(BadBody, ExploresInItsTurn) {
  const Verdict verdict = search([] { explore([] {}); });
  EXPECT_EQ(summary(verdict), "failed: exception");
  EXPECT_NE(verdict.finding->message.find("explore() was called inside the body"), std::string::npos)
      << verdict.finding->message;
}

TEST(BadBody, ClosesEverything) {
  const Verdict verdict = search([] {
    for (int descriptor = 0; descriptor < 64; descriptor++) close(descriptor);
    EXPECT_TRUE(false);
  });
  EXPECT_EQ(summary(verdict), "failed: assertion");
}

TEST(BadBody, ForksAChildThatOutlivesIt) {
  const Verdict verdict = search([] {
    if (fork() == 0) _exit(0);
  });
  EXPECT_NE(summary(verdict), "");
}

// The point of all of the above.
TEST(BadBody, DidNoHarm) { EXPECT_EQ(search(testing_support::keep_both_updates).state, State::not_found); }

}  // namespace
}  // namespace racecourse
