// fork() while another thread holds a lock: the child has the lock, locked, and nobody to unlock it.
//
// A child process has a copy of the whole memory and of one thread, the one that forked. What the other threads were
// at remains as it was at that moment, for ever.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/process/child.h>
#include <racecourse/scenarios/scenario.h>

#include <cassert>
#include <latch>
#include <mutex>
#include <new>
#include <thread>

namespace racecourse::catalogue {
namespace {

using process::Child;
using process::Ending;

// A log with one lock, as every program has one: in its logger, in printf, in malloc.
struct Log {
  std::mutex mutex;
  int begun = 0, finished = 0;  // guarded by mutex, and equal whenever it is free

  void write() {
    const std::lock_guard lock(mutex);
    ++begun;
    ++finished;
  }
};

// Holds the lock in the middle of a line until the other thread has made its child.
class Writer {
 public:
  explicit Writer(Log& log)
      : thread_([this, &log] {
          const std::lock_guard lock(log.mutex);
          ++log.begun;
          in_the_middle_.count_down();
          forked_.wait();
          ++log.finished;
        }) {}
  void is_in_the_middle() { in_the_middle_.wait(); }
  void may_finish() {
    forked_.count_down();
    thread_.join();
  }

 private:
  std::latch in_the_middle_{1}, forked_{1};
  std::thread thread_;
};

void forks_beside_a_thread() {
  Log log;
  Writer writer(log);
  writer.is_in_the_middle();
  Child child([&] { log.write(); });  // BUG: its copy is locked
  writer.may_finish();
  assert(child.join() == Ending::well);
}

void forks_before_threads() {
  Log log;
  Child child([&] { log.write(); });
  Writer writer(log);
  writer.is_in_the_middle();
  writer.may_finish();
  assert(child.join() == Ending::well);
}

void child_takes_nothing() {
  Log log;
  Writer writer(log);
  writer.is_in_the_middle();
  Child child([] {});  // only what is async-signal-safe: usually execve() at once
  writer.may_finish();
  assert(child.join() == Ending::well);
}

void child_makes_the_lock_anew() {
  Log log;
  Writer writer(log);
  writer.is_in_the_middle();
  Child child([&] {
    new (&log.mutex) std::mutex;  // "nobody holds it here"
    const std::lock_guard lock(log.mutex);
    assert(log.begun == log.finished);
  });
  writer.may_finish();
  assert(child.join() == Ending::well);
}

void child_waits_for_the_lock() {
  Log log;
  Writer writer(log);
  writer.is_in_the_middle();
  Child child([&] {
    while (!log.mutex.try_lock()) std::this_thread::yield();  // "it will be free soon"
    log.mutex.unlock();
  });
  writer.may_finish();
  assert(child.join() == Ending::well);
}

// Shorter than the deadline of a child, which ends with the run.
Options short_run() {
  Options options;
  options.deadline_seconds = 1;
  return options;
}

const char* const kWhy = "it forks, and a search controls one process only";

const ScenarioRegistration registration{{
    .name = "fork_while_locked",
    .title = "A child that inherits a locked lock",
    .family = "classic",
    .difficulty = 3,
    .from = "the rationale of fork() in POSIX; every server that forked after it had become multithreaded",
    .story = "A server writes its log from several threads, under a lock. It starts helpers with fork(), and the "
             "first thing a helper does is to write a line in the log. Once in a thousand times a helper never says "
             "anything, and never ends. The server itself is well.",
    .python = "multiprocessing has forked by default on Linux for years; since Python 3.12 it warns when other threads "
              "are running, and since 3.14 the default is another.",
    .hints = {"Which threads does a child process have?",
              "The child has a copy of the log's mutex. In which state, if the fork comes while another thread is "
              "writing?",
              "The thread that holds the lock does not exist in the child. Who is going to unlock that copy?"},
    .explanation =
        "One thread holds the log's lock, another forks. The child gets a copy of the memory, so its copy of the lock "
        "is locked; and it gets only the thread that forked, so the holder is not there. The child locks the log and "
        "waits for a thread that does not exist. The parent's own unlock changes the parent's copy alone.",
    .rule = "After fork() in a program with threads, the child may call only what is async-signal-safe, until exec.",
    .fix = "Fork while there is one thread: helpers first, threads afterwards. If a fork must come later, the child "
           "touches no lock, not even those of malloc and printf, and calls execve() at once; posix_spawn() does both.",
    .reading = {"POSIX.1-2017, fork(), rationale", "fork(2), notes on multithreaded programs; pthread_atfork(3)",
                "Baumann and others, A fork() in the road, HotOS 2019"},
    .variants =
        {
            with(short_run(), only_real(kWhy, broken("forks_beside_a_thread",
                                                     "Forks while another thread holds the lock that the child needs.",
                                                     forks_beside_a_thread, {{Checker::tsan, finds(Kind::hang)}}))),
            only_real(kWhy, right("forks_before_threads", "Makes the child first, and the thread afterwards.",
                                  forks_before_threads, {{Checker::tsan, finds_nothing()}})),
            only_real(kWhy, right("child_takes_nothing", "The child touches nothing that has a lock.",
                                  child_takes_nothing, {{Checker::tsan, finds_nothing()}})),
            only_real(kWhy, wrong_fix("child_makes_the_lock_anew", "The child begins with a fresh lock.",
                                      "The lock is free, but what it guards was left in the middle of a change.",
                                      child_makes_the_lock_anew, {{Checker::tsan, finds(Kind::assertion)}})),
            with(short_run(),
                 only_real(kWhy, wrong_fix("child_waits_for_the_lock", "The child tries again until the lock is free.",
                                           "It looks at its own copy, which nobody will ever unlock.",
                                           child_waits_for_the_lock, {{Checker::tsan, finds(Kind::hang)}}))),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
