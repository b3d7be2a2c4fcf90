// Bodies for the tests of the tsan link.
#pragma once

#include <gtest/gtest.h>
#include <racecourse/checkers/explore.h>

#include <atomic>
#include <mutex>
#include <string>
#include <thread>

namespace racecourse::tsan_tests {

// For bodies that hang: the test is not worth the default's five seconds.
inline Options impatient() {
  Options options;
  options.deadline_seconds = 0.5;
  return options;
}

inline Options few_runs() {
  Options options;
  options.repetitions = 20;
  return options;
}

// "failed: data-race", "not-found"
inline std::string summary(const Verdict& verdict) {
  std::string text = to_string(verdict.state);
  if (verdict.finding) text += std::string(": ") + to_string(verdict.finding->kind);
  return text;
}

template <typename First, typename Second>
void both(First first, Second second) {
  std::thread a(first), b(second);
  a.join();
  b.join();
}

struct Account {
  int balance = 1000;
  void withdraw(int amount) {
    if (balance >= amount) balance -= amount;
  }
};

inline void unlocked_withdrawals() {
  Account account;
  both([&] { account.withdraw(800); }, [&] { account.withdraw(800); });
}

inline void locked_withdrawals() {
  Account account;
  std::mutex mutex;
  const auto withdraw = [&] {
    const std::lock_guard lock(mutex);
    account.withdraw(800);
  };
  both(withdraw, withdraw);
  EXPECT_EQ(account.balance, 200);
}

// No data race: only an interleaving shows it.
inline void check_then_act() {
  std::atomic<int> balance = 1000;
  const auto withdraw = [&] {
    if (balance.load() >= 800) balance.fetch_sub(800);
  };
  both(withdraw, withdraw);
  EXPECT_GE(balance.load(), 0);
}

// One after the other, so that it does not deadlock.
inline void locks_in_both_orders() {
  std::mutex a, b;
  std::thread([&] {
    const std::scoped_lock first(a);
    const std::scoped_lock second(b);
  }).join();
  std::thread([&] {
    const std::scoped_lock first(b);
    const std::scoped_lock second(a);
  }).join();
}

inline void waits_for_ever() {
  std::mutex mutex;
  mutex.lock();
  std::thread([&] { mutex.lock(); }).join();
}

}  // namespace racecourse::tsan_tests
