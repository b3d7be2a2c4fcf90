// Running a Relacy suite and naming what it found. Relacy itself prints a story and returns a bool.
//
//   struct Counter : racecourse::relacy::Suite<Counter, 2> {
//     rl::atomic<int> n{0};
//     void run(unsigned thread) { n.fetch_add(1, rl::mo_relaxed, RL_INFO); }
//     void after() { RL_ASSERT(n.load(rl::mo_relaxed, RL_INFO) == 2); }
//   };
//   racecourse::relacy::Verdict verdict = racecourse::relacy::check<Counter>();
//
// Every execution runs the suite's constructor, then run(0) ... run(N - 1) as threads under a random schedule and the
// weak memory of C++11, then after(). An exception that leaves run() is a finding. Relacy models stale reads, so it
// shows store buffering and IRIW; never load buffering or 2+2W.
#pragma once

#include <racecourse/checkers/finding.h>
#include <racecourse/checkers/relacy/relacy.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>

namespace racecourse::relacy {

struct Settings {
  std::uint64_t executions = 20'000;
  std::uint64_t seed = 1;  // the same seed finds the same finding
  unsigned steps = 2'000;  // of one execution; more is called a livelock, so a spin loop must yield
};

struct Verdict {
  std::optional<Kind> kind;      // of the finding; empty: none within the budget
  std::string message;           // in Relacy's words
  std::string history;           // the execution that failed, event by event
  std::uint64_t executions = 0;  // up to and with the one that failed
  double seconds = 0;
};

// Base of a suite; `Derived` has run(thread), and before() and after() if it needs them.
template <class Derived, int threads>
struct Suite : rl::test_suite<Derived, threads> {
  void thread(unsigned index) {
    // Relacy must not be left by an exception, nor told of it while one is being handled: its threads share the
    // exception state of one real thread.
    bool thrown = false;
    char what[128] = "unknown";
    try {
      static_cast<Derived*>(this)->run(index);
    } catch (const std::exception& error) {
      std::snprintf(what, sizeof what, "%s", error.what());
      thrown = true;
    } catch (...) {
      thrown = true;
    }
    if (thrown) fail_with_exception(what);
  }

 private:
  static void fail_with_exception(const char* what) {
    uncaught = true;
    rl::ctx().fail_test(what, rl::test_result_user_assert_failed, RL_INFO);
  }

 public:
  static inline bool uncaught = false;  // Relacy has no name for it
};

// Our name for Relacy's result, which must not be success.
Kind kind_of(rl::test_result_e result);

// Collects what Relacy prints in a fixed buffer. It prints while it has its own allocator in place, so a stream that
// allocates would mix the two heaps.
class History : private std::streambuf, public std::ostream {
 public:
  History() : std::ostream(this) { setp(text_, text_ + sizeof text_); }
  std::string text() const { return std::string(pbase(), pptr()); }

 private:
  char text_[64 * 1024];  // what comes after is dropped
};

template <class Suite>
Verdict check(const Settings& settings = {}) {
  History history, progress;
  rl::test_params params;
  params.output_stream = &history;
  params.progress_stream = &progress;
  params.execution_depth_limit = settings.steps;
  // Relacy draws everything from the number of the execution, so a seed is a place to start counting from. The golden
  // ratio spreads the places over 31 bits: the lowest bits of the number decide most, and those above the 32nd select
  // generators of which some always let the same thread run.
  const std::uint64_t first = (static_cast<std::uint32_t>((settings.seed - 1) * 0x9e3779b9) >> 1) + 1;
  params.iteration_count = first + settings.executions - 1;
  params.initial_state = std::to_string(first).c_str();

  Suite::uncaught = false;
  const auto start = std::chrono::steady_clock::now();
  rl::simulate<Suite>(params);
  Verdict verdict;
  verdict.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  verdict.executions = params.stop_iteration - first + 1;
  if (params.test_result != rl::test_result_success) {
    verdict.kind = Suite::uncaught ? Kind::exception : kind_of(params.test_result);
    verdict.history = history.text();
    verdict.message = rl::test_result_str(params.test_result);
  }
  return verdict;
}

}  // namespace racecourse::relacy
