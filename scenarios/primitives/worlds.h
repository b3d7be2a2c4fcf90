// One body, two worlds. What processes do together is explored with threads that stand for them, each with its own
// copy of what a fork would copy; the tsan link runs the same body with processes. Only memory that is made to be
// shared may carry results.
//
// Where a thread can stand for a process: exclusion, waiting, waking, dying in the middle (a thread that the kernel
// ends runs no destructors, and its robust locks are taken from it, as with a process). Where it cannot: what is
// private to a process. Threads share their globals, and a futex that is private to their process wakes them all.
#pragma once

#include <racecourse/primitives/process/child.h>
#include <racecourse/scenarios/catalogue.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cassert>
#include <thread>
#include <utility>

namespace racecourse::catalogue {

using process::Ending;

struct Threads {
  class Running {
   public:
    template <class F>
    explicit Running(F work)
        : thread_([this, work = std::move(work)]() mutable {
            work();
            returned_ = true;
          }) {}
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    void ends(Ending expected) {
      thread_.join();
      assert(returned_ == (expected == Ending::well));
    }

   private:
    bool returned_ = false;  // written by the thread, read after the join; a thread that died has not returned
    std::thread thread_;
  };

  [[noreturn]] static void die() {
    syscall(SYS_exit, 0);
    __builtin_unreachable();
  }
};

struct Processes {
  class Running {
   public:
    template <class F>
    explicit Running(F work) : child_(std::move(work)) {}
    void ends(Ending expected) {
      const Ending ending = child_.join();
      assert(ending == expected);
    }

   private:
    process::Child child_;
  };

  [[noreturn]] static void die() { process::die_now(); }
};

// An entry whose body is explored with threads, and run with processes in the tsan link.
template <void explored(), void real()>
Entry in_both_worlds(Entry entry) {
  entry.body = explored;
  entry.real_body = real;
  return entry;
}

}  // namespace racecourse::catalogue
