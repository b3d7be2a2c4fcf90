// Ctrl-C in the middle of a search: what was found so far is said, and nothing stays behind.
#include <racecourse/checkers/control/confirm.h>
#include <racecourse/checkers/control/interrupt.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

#include "support.h"

namespace racecourse {
namespace {

// In memory that no execution resets: whether a search has come so far that there is something to tell.
volatile int& executions() {
  static auto* const memory =
      static_cast<volatile int*>(mmap(nullptr, sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  return *memory;
}

void count_and_search_on() {
  // Behind the runtime's back: the number must not be a part of what the search sees.
  asm volatile("lock incl %0" : "+m"(*const_cast<int*>(&executions())) : : "memory");
  testing_support::keep_both_updates();
}

struct Ended {
  int status = 0;
  std::string said;
  bool left_somebody = false;
};

// `search_on` in a process group of its own, which is told to end when the body has run some times.
Ended interrupt(const std::function<void()>& search_on, int signal, bool whole_group) {
  if (control::confirm_request() != nullptr) search_on();  // the fresh process that confirms a finding: does not return
  executions() = 0;
  int ends[2];
  if (pipe(ends) != 0) return {};
  const pid_t process = fork();
  if (process == 0) {
    setpgid(0, 0);
    dup2(ends[1], STDERR_FILENO);
    close(ends[0]);
    search_on();
    _exit(0);
  }
  close(ends[1]);
  while (executions() < 100 && waitpid(process, nullptr, WNOHANG) == 0) usleep(1'000);
  kill(whole_group ? -process : process, signal);
  Ended ended;
  char buffer[4096];
  // Until everybody who could still write there has gone: the workers too.
  for (ssize_t count; (count = read(ends[0], buffer, sizeof buffer)) > 0;)
    ended.said.append(buffer, static_cast<std::size_t>(count));
  close(ends[0]);
  waitpid(process, &ended.status, 0);
  ended.left_somebody = kill(-process, 0) == 0;
  return ended;
}

void search_for_ever(const char* strategy) {
  Options options;
  options.strategy = strategy;
  options.executions = 0;
  options.seconds = 600;
  options.name = "patience";
  options.workers = 2;
  search(count_and_search_on, options);
}

void expect_last_words(const Ended& ended) {
  EXPECT_TRUE(WIFEXITED(ended.status)) << ended.status;
  EXPECT_EQ(WEXITSTATUS(ended.status), 130);
  EXPECT_EQ(ended.said.find("racecourse: patience: interrupted; not found: "), 0u) << ended.said;
  EXPECT_EQ(ended.said.find("found: 0 executions"), std::string::npos) << ended.said;
  EXPECT_NE(ended.said.find(" distinct trace"), std::string::npos) << ended.said;
  EXPECT_FALSE(ended.left_somebody);
}

TEST(Interrupt, TellsWhatWasSearched) {
  for (const int signal : {SIGINT, SIGTERM}) {
    SCOPED_TRACE(strsignal(signal));
    // By kill, and as a terminal does it: the workers get the signal too.
    expect_last_words(interrupt([] { search_for_ever("default"); }, signal, false));
    expect_last_words(interrupt([] { search_for_ever("default"); }, signal, true));
  }
}

TEST(Interrupt, TellsHowFarAProofCame) {
  const auto prove = [] {
    Options options;
    options.strategy = "exhaustive";
    options.executions = 0;
    options.seconds = 600;
    search(
        [] {
          asm volatile("lock incl %0" : "+m"(*const_cast<int*>(&executions())) : : "memory");
          std::atomic<int> value{0};
          const auto add = [&] {
            for (int i = 0; i < 20; i++) value++;
          };
          std::thread a(add), b(add), c(add);
          a.join();
          b.join();
          c.join();
        },
        options);
  };
  const Ended ended = interrupt(prove, SIGINT, true);
  EXPECT_EQ(WEXITSTATUS(ended.status), 130);
  EXPECT_NE(ended.said.find("there are others; this is no proof"), std::string::npos) << ended.said;
  EXPECT_FALSE(ended.left_somebody);
}

// The race is found at once; what follows from it is still being looked for.
TEST(Interrupt, ShowsWhatWasFound) {
  const auto find = [] {
    Options options;
    options.name = "patience";
    options.workers = 1;
    search(
        [] {
          asm volatile("lock incl %0" : "+m"(*const_cast<int*>(&executions())) : : "memory");
          int value = 0;
          std::thread other([&] { value++; });
          value++;
          other.join();
          for (int i = 0; i < 10'000'000; i++) asm volatile("");
        },
        options);
  };
  const Ended ended = interrupt(find, SIGINT, false);
  EXPECT_EQ(WEXITSTATUS(ended.status), 130);
  EXPECT_NE(ended.said.find("data-race: "), std::string::npos) << ended.said;
  EXPECT_NE(ended.said.find("token=r1:"), std::string::npos) << ended.said;
  EXPECT_NE(ended.said.find("racecourse: patience: interrupted; "), std::string::npos) << ended.said;
}

// What the program does with a signal is its own affair.
TEST(Interrupt, LeavesHandlersOfTheProgramAlone) {
  static volatile sig_atomic_t handled;
  const auto before = signal(SIGTERM, [](int) { handled = 1; });
  {
    const control::InterruptWatch watch;
    raise(SIGTERM);
  }
  EXPECT_EQ(handled, 1);
  EXPECT_EQ(control::interrupted(), 0);
  signal(SIGTERM, before);
  {
    const control::InterruptWatch watch;
    struct sigaction during = {};
    sigaction(SIGTERM, nullptr, &during);
    EXPECT_NE(during.sa_handler, SIG_DFL);
  }
  struct sigaction after = {};
  sigaction(SIGTERM, nullptr, &after);
  EXPECT_EQ(after.sa_handler, SIG_DFL);
}

}  // namespace
}  // namespace racecourse
