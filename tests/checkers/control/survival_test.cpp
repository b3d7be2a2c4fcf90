// What a body may do to the process that it runs in. Each ends as a named verdict with a token, soon; the bodies after
// it run as if nothing had been, and no process stays behind.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <vector>

#include "support.h"

namespace racecourse {
namespace {

using testing_support::impatient;
using testing_support::summary;

Verdict impatient_search(const std::function<void()>& body) { return search(body, impatient()); }

// The verdict must be this one, with a token, confirmed in a fresh process, and say this.
void expect_named(const std::function<void()>& body, const std::string& kind, const std::string& said = "") {
  const Verdict verdict = impatient_search(body);
  EXPECT_EQ(summary(verdict), "failed: " + kind) << verdict.text;
  if (!verdict.finding) return;
  EXPECT_NE(verdict.finding->token, "");
  EXPECT_NE(verdict.finding->message.find(said), std::string::npos) << verdict.finding->message;
  EXPECT_LT(verdict.seconds, 5);
}

void expect_nothing_found(const std::function<void()>& body) {
  const Verdict verdict = impatient_search(body);
  EXPECT_TRUE(verdict.state == State::not_found || verdict.state == State::proved) << verdict.text;
}

// Who loses a parent that this process started becomes its own child, and not the system's.
const bool inherits = prctl(PR_SET_CHILD_SUBREAPER, 1) == 0;

// Those that have not ended.
int children() {
  EXPECT_TRUE(inherits);
  int count = 0;
  DIR* folder = opendir("/proc");
  while (const dirent* entry = readdir(folder)) {
    std::ifstream file(std::string("/proc/") + entry->d_name + "/stat");
    std::string text;
    if (!std::getline(file, text)) continue;
    char state = 0;
    int parent = 0;
    std::sscanf(text.c_str() + text.rfind(')'), ") %c %d", &state, &parent);
    if (parent == getpid() && state != 'Z') count++;
  }
  closedir(folder);
  return count;
}

// Memory

void* volatile leaked;

TEST(Survival, AllocatesWithoutEnd) {
  expect_named(
      [] {
        while (true) leaked = new char[1 << 20];
      },
      "exception", "std::bad_alloc");
}

void* map_memory(std::size_t size, int protection) {
  return mmap(nullptr, size, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

TEST(Survival, MapsMemoryWithoutEnd) {
  constexpr std::size_t kMuch = std::size_t{64} << 20;
  expect_nothing_found([] {
    EXPECT_NE(map_memory(1024 * kMuch, PROT_NONE), MAP_FAILED);  // takes none
    int mapped = 0;
    while (mapped < 1'000 && map_memory(kMuch, PROT_READ | PROT_WRITE) != MAP_FAILED) ++mapped;
    EXPECT_GE(mapped, 16);
    EXPECT_LT(mapped, 1'000);
    EXPECT_EQ(errno, ENOMEM);
  });
  expect_nothing_found([] {
    for (int i = 0; i < 1'000; ++i) {
      void* const memory = map_memory(kMuch, PROT_READ | PROT_WRITE);
      EXPECT_NE(memory, MAP_FAILED);
      EXPECT_EQ(munmap(memory, kMuch), 0);
    }
  });
}

TEST(Survival, WantsATebibyte) {
  expect_named([] { leaked = new char[std::size_t{1} << 40]; }, "exception", "bad_alloc");
}

TEST(Survival, IsRefusedByMalloc) {
  expect_nothing_found([] {
    leaked = malloc(std::size_t{1} << 40);
    EXPECT_EQ(leaked, nullptr);
  });
}

TEST(Survival, Leaks) {
  expect_named(
      [] {
        leaked = malloc(1'000);
        leaked = nullptr;
      },
      "leak");
}

TEST(Survival, OverflowsTheStackOfAThread) {
  struct Deep {
    static int down(volatile int* above) {
      volatile int here[64] = {*above + 1};
      return *above < 0 ? 0 : down(here) + here[0];
    }
  };
  expect_named(
      [] {
        std::thread([] {
          volatile int zero = 0;
          Deep::down(&zero);
        }).join();
      },
      "signal", "T1");
}

// Threads

TEST(Survival, TwoHundredThreads) {
  expect_nothing_found([] {
    std::vector<std::thread> threads;
    for (int i = 0; i < 200; i++) threads.emplace_back([] {});
    for (std::thread& thread : threads) thread.join();
  });
}

TEST(Survival, OneHundredThousandThreads) {
  expect_named(
      [] {
        std::vector<std::thread> threads;
        for (int i = 0; i < 100'000; i++) threads.emplace_back([] {});
        for (std::thread& thread : threads) thread.join();
      },
      "exception", "Resource temporarily unavailable (at most 250 threads may be alive at once)");
}

TEST(Survival, MoreThreadsThanItAsksFor) {
  expect_named(
      [] {
        pthread_t threads[300] = {};
        for (pthread_t& thread : threads)
          pthread_create(
              &thread, nullptr, [](void* none) { return none; }, nullptr);
        for (const pthread_t thread : threads) pthread_join(thread, nullptr);
      },
      "thread-misuse", "(at most 250 threads may be alive at once)");
}

TEST(Survival, ManyThreadsOneAfterTheOther) {
  expect_nothing_found([] {
    for (int i = 0; i < 300; i++) std::thread([] {}).join();
  });
}

// Waiting in the kernel

TEST(Survival, Polls) {
  expect_named(
      [] {
        int ends[2];
        ASSERT_EQ(pipe(ends), 0);
        pollfd request{ends[0], POLLIN, 0};
        poll(&request, 1, -1);
      },
      "uncontrolled-blocking", "T0 would block in poll() for ever");
}

TEST(Survival, Selects) {
  expect_named(
      [] {
        int ends[2];
        ASSERT_EQ(pipe(ends), 0);
        fd_set readable;
        FD_ZERO(&readable);
        FD_SET(ends[0], &readable);
        select(ends[0] + 1, &readable, nullptr, nullptr, nullptr);
      },
      "uncontrolled-blocking", "T0 would block in select() for ever");
}

TEST(Survival, ReadsByABareSystemCall) {
  expect_named(
      [] {
        int ends[2];
        ASSERT_EQ(pipe(ends), 0);
        char byte;
        syscall(SYS_read, ends[0], &byte, 1);
      },
      "uncontrolled-blocking", "T0 would block in read() on descriptor");
}

TEST(Survival, PausesByABareSystemCall) {
  expect_named([] { syscall(SYS_pause); }, "uncontrolled-blocking", "T0 blocks in a system call");
}

TEST(Survival, WaitsForAFutex) {
  expect_named(
      [] {
        int word = 0;
        syscall(SYS_futex, &word, FUTEX_WAIT, 0, nullptr);
      },
      "deadlock", "T0 sleeps");
}

TEST(Survival, WaitsForAFutexBehindTheRuntimesBack) {
  expect_named(
      [] {
        int word = 0;
        long result;
        register long no_timeout asm("r10") = 0;
        asm volatile("syscall"
                     : "=a"(result)
                     : "0"(SYS_futex), "D"(&word), "S"(FUTEX_WAIT_PRIVATE), "d"(0), "r"(no_timeout)
                     : "rcx", "r11", "memory");
      },
      "uncontrolled-blocking", "T0 blocks in a system call");
}

TEST(Survival, PausesForASignal) {
  expect_named([] { pause(); }, "uncontrolled-blocking", "pause()");
}

// Other processes

TEST(Survival, Forks) {
  expect_named([] { fork(); }, "nondeterminism", "T0 calls fork()");
}

TEST(Survival, ForksByABareSystemCall) {
  expect_named(
      [] {
        if (syscall(SYS_fork) == 0) pause();
      },
      "nondeterminism", "other processes");
  expect_named([] { syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr); }, "nondeterminism");
}

TEST(Survival, Clones) {
  expect_named(
      [] {
        static char stack[1 << 16];
        clone([](void*) { return pause(); }, stack + sizeof stack, SIGCHLD, nullptr);
      },
      "nondeterminism", "T0 calls clone()");
}

TEST(Survival, BecomesADaemon) {
  expect_named([] { static_cast<void>(daemon(1, 1) == 0); }, "nondeterminism", "T0 calls daemon()");
}

TEST(Survival, ExitsByABareSystemCall) {
  expect_named([] { syscall(SYS_exit_group, 4); }, "exit", "exit_group(4)");
}

// Signals

volatile sig_atomic_t handled;
void handle(int signal) { handled = signal; }

TEST(Survival, HandlesSignalsThatItRaises) {
  for (const int each : {SIGUSR1, SIGINT, SIGALRM, SIGPROF, SIGTRAP}) {
    SCOPED_TRACE(strsignal(each));
    expect_nothing_found([each] {
      handled = 0;
      signal(each, handle);
      raise(each);
      EXPECT_EQ(handled, each);
    });
    expect_named([each] { raise(each); }, "signal", "T0 sends itself signal " + std::to_string(each));
  }
}

TEST(Survival, KnowsItsOwnHandlers) {
  expect_nothing_found([] {
    for (const int each : {SIGSEGV, SIGUSR1}) {
      struct sigaction action = {}, old = {};
      action.sa_handler = handle;
      EXPECT_EQ(sigaction(each, &action, nullptr), 0);
      EXPECT_EQ(sigaction(each, nullptr, &old), 0);
      EXPECT_EQ(old.sa_handler, handle);
      EXPECT_EQ(signal(each, SIG_IGN), handle);
    }
  });
}

// The handler of one execution is not that of the next.
TEST(Survival, HandlersAndMasksAreForgotten) {
  const Verdict verdict = search([] {
    struct sigaction action = {};
    sigaction(SIGUSR2, nullptr, &action);
    EXPECT_EQ(action.sa_handler, SIG_DFL);
    sigset_t blocked;
    pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
    EXPECT_FALSE(sigismember(&blocked, SIGUSR2));
    signal(SIGUSR2, handle);
    sigfillset(&blocked);
    pthread_sigmask(SIG_SETMASK, &blocked, nullptr);
    testing_support::keep_both_updates();
  });
  EXPECT_EQ(verdict.state, State::not_found) << verdict.text;
}

TEST(Survival, CannotHideACrash) {
  expect_named(
      [] {
        signal(SIGSEGV, [](int) { _exit(0); });
        *static_cast<volatile int*>(nullptr) = 1;
      },
      "signal", "segmentation fault");
}

TEST(Survival, SignalsItself) {
  expect_named([] { pthread_kill(pthread_self(), SIGUSR1); }, "signal", "T0 sends itself");
}

TEST(Survival, SignalsAnotherThread) {
  const auto send = [](int signal) {
    std::thread other([] { std::this_thread::yield(); });
    pthread_kill(other.native_handle(), signal);
    other.join();
  };
  expect_named([send] { send(SIGTERM); }, "signal", "T0 sends T1 signal 15");
  expect_named(
      [send] {
        signal(SIGUSR1, handle);
        send(SIGUSR1);
      },
      "nondeterminism", "T0 sends signal 10 to T1");
}

// They wait for whoever asks for them, and for no later execution.
TEST(Survival, KeepsBlockedSignals) {
  const auto block = [](int signal) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signal);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    return set;
  };
  expect_nothing_found([block] {
    const sigset_t set = block(SIGTERM);
    int data = 0, received = 0;
    std::thread receiver([&] {
      sigwait(&set, &received);
      EXPECT_EQ(data, 1);
    });
    data = 1;
    pthread_kill(receiver.native_handle(), SIGTERM);
    receiver.join();
    EXPECT_EQ(received, SIGTERM);
    raise(SIGTERM);
    kill(getpid(), SIGTERM);
    EXPECT_EQ(sigwait(&set, &received), 0);
    sigset_t pending;
    sigpending(&pending);
    EXPECT_FALSE(sigismember(&pending, SIGTERM));
  });
  expect_nothing_found([block] {
    block(SIGUSR1);
    testing_support::keep_both_updates();
    raise(SIGUSR1);
  });
  expect_nothing_found([block] {
    signal(SIGUSR1, handle);
    const sigset_t set = block(SIGUSR1);
    handled = 0;
    raise(SIGUSR1);
    EXPECT_EQ(handled, 0);
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
    EXPECT_EQ(handled, SIGUSR1);
  });
  expect_named(
      [block] {
        const sigset_t set = block(SIGUSR1);
        raise(SIGUSR1);
        pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
      },
      "signal");
}

TEST(Survival, HandlesAnAlarm) {
  expect_named(
      [] {
        signal(SIGALRM, handle);
        alarm(1);
      },
      "nondeterminism", "T0 calls alarm()");
  expect_named(
      [] {
        const itimerval soon = {{0, 1000}, {0, 1000}};
        setitimer(ITIMER_REAL, &soon, nullptr);
        signal(SIGALRM, handle);
      },
      "nondeterminism", "beyond the search's control");
  expect_named(
      [] {
        timer_t timer;
        timer_create(CLOCK_MONOTONIC, nullptr, &timer);
      },
      "nondeterminism", "T0 calls timer_create()");
}

// So that it ends if it hangs: the search's own watchdog does so.
TEST(Survival, IsGuardedByAnAlarm) {
  expect_nothing_found([] {
    alarm(1);
    testing_support::keep_both_updates();
    alarm(0);
  });
  expect_named(
      [] {
        alarm(1);
        while (true) asm volatile("");
      },
      "hang");
}

// Ends

TEST(Survival, ThrowsWhatIsNoException) {
  struct Odd {};
  expect_named([] { throw Odd{}; }, "exception", "of type");
}

TEST(Survival, JumpsBack) {
  expect_nothing_found([] {
    static jmp_buf here;
    static volatile int times;
    times = 0;
    if (setjmp(here) < 3) {
      times = times + 1;
      longjmp(here, times);
    }
    std::thread([] {
      jmp_buf own;
      if (setjmp(own) == 0) longjmp(own, 1);
    }).join();
    EXPECT_EQ(times, 3);
  });
}

TEST(Survival, LeavesMainByPthreadExit) {
  expect_nothing_found([] {
    std::thread([] {}).detach();
    pthread_exit(nullptr);
  });
}

// What belongs to the process

TEST(Survival, ChangesTheDirectory) {
  const std::function<void()> body = [] {
    ASSERT_EQ(chdir(".."), 0);
    testing_support::lose_an_update();
    char path[4096];
    outcome(getcwd(path, sizeof path) == nullptr ? "nowhere" : path);
  };
  char here[4096];
  ASSERT_NE(getcwd(here, sizeof here), nullptr);
  const Verdict found = search(body);
  EXPECT_EQ(summary(found), "failed: assertion");
  EXPECT_EQ(found.outcomes.size(), 1u) << "each execution begins where the first one did";
  char now[4096];
  ASSERT_NE(getcwd(now, sizeof now), nullptr);
  EXPECT_STREQ(now, here);
}

// Far more than a process may have open at once.
TEST(Survival, LeavesDescriptorsOpen) {
  Options options;
  options.executions = 3'000;
  options.workers = 1;
  const Verdict verdict = search(
      [] {
        static int pipes[40][2];
        for (int(&ends)[2] : pipes) ASSERT_EQ(pipe(ends), 0);
        std::FILE* file = std::fopen("/dev/null", "r");
        ASSERT_NE(file, nullptr);
        EXPECT_LT(fileno(file), 200);
        testing_support::keep_both_updates();
      },
      options);
  EXPECT_EQ(verdict.state, State::not_found) << verdict.text;
}

TEST(Survival, PrintsAMegabyte) {
  expect_named(
      [] {
        const std::string text(1 << 20, 'x');
        std::puts(text.c_str());
        std::cout << text << std::flush;
        std::cerr << text;
        testing_support::lose_an_update();
      },
      "assertion", "counter.value.load()");
}

// The point of all of the above.
TEST(Survival, DidNoHarm) {
  EXPECT_EQ(search(testing_support::keep_both_updates).state, State::not_found);
  EXPECT_EQ(children(), 0);
}

}  // namespace
}  // namespace racecourse
