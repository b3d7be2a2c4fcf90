// What the tests of the controller share.
#pragma once

#include <gtest/gtest.h>
#include <racecourse/checkers/explore.h>

#include <atomic>
#include <ostream>
#include <string>
#include <thread>

namespace racecourse {

inline void PrintTo(State state, std::ostream* out) { *out << to_string(state); }
inline void PrintTo(Kind kind, std::ostream* out) { *out << to_string(kind); }

namespace testing_support {

// "failed: deadlock", or the state and the verdict's sentence if there is no finding.
inline std::string summary(const Verdict& verdict) {
  if (verdict.state == State::failed && verdict.finding)
    return std::string("failed: ") + to_string(verdict.finding->kind);
  return verdict.text;
}

// Small enough for bodies that must be stopped by the watchdog, large enough for a loaded machine: it is processor
// time.
inline Options impatient() {
  Options options;
  options.watchdog_seconds = 0.2;
  options.executions = 100;
  return options;
}

// Ends at 1 instead of 2 if one thread runs between the other's load and store.
struct Counter {
  std::atomic<int> value{0};
  void increment() {
    const int old = value.load();
    value.store(old + 1);
  }
};

inline void lose_an_update() {
  Counter counter;
  std::thread other([&] { counter.increment(); });
  counter.increment();
  other.join();
  EXPECT_EQ(counter.value.load(), 2);
}

inline void keep_both_updates() {
  std::atomic<int> value{0};
  std::thread other([&] { value.fetch_add(1); });
  value.fetch_add(1);
  other.join();
  EXPECT_EQ(value.load(), 2);
}

}  // namespace testing_support
}  // namespace racecourse
