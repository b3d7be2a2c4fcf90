#include <gtest/gtest.h>
#include <racecourse/checkers/explore.h>

#include <mutex>
#include <thread>

struct Account {
  long money;
  std::mutex mutex;
  void withdraw(long amount) {
    std::lock_guard guard(mutex);
    if (money >= amount) money -= amount;
  }
  long balance() {
    std::lock_guard guard(mutex);
    return money;
  }
};

TEST(Account, NeverOverdrawn) {
  racecourse::explore([] {
    Account account{1000, {}};
    std::thread a([&] { account.withdraw(800); }), b([&] { account.withdraw(800); });
    a.join();
    b.join();
    EXPECT_GE(account.balance(), 0);
  });
}
