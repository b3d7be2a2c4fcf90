// The contract of primitives/account/account.h, for each correct account: first alone, then under all schedules that
// are tried.
#include <gtest/gtest.h>
#include <racecourse/primitives/account/cas_loop.h>
#include <racecourse/primitives/account/locked.h>
#include <racecourse/primitives/account/ordered_transfer.h>
#include <racecourse/tests/primitives/under_schedules.h>

#include <stdexcept>
#include <thread>

namespace racecourse::account {
namespace {

template <class A>
class AccountContract : public testing::Test {};

using Accounts = testing::Types<Locked, CasLoop>;
TYPED_TEST_SUITE(AccountContract, Accounts);

TYPED_TEST(AccountContract, BeginsWithItsOpeningBalance) {
  EXPECT_EQ(TypeParam(1000).balance(), 1000);
  EXPECT_EQ(TypeParam(0).balance(), 0);
}

TYPED_TEST(AccountContract, PaysWhatItCovers) {
  TypeParam account(1000);
  EXPECT_TRUE(account.withdraw(800));
  EXPECT_EQ(account.balance(), 200);
  EXPECT_FALSE(account.withdraw(201));
  EXPECT_EQ(account.balance(), 200);
  EXPECT_TRUE(account.withdraw(200));
  EXPECT_EQ(account.balance(), 0);
  EXPECT_TRUE(account.withdraw(0));
  EXPECT_FALSE(account.withdraw(1));
}

TYPED_TEST(AccountContract, TakesDeposits) {
  TypeParam account(1);
  account.deposit(41);
  account.deposit(0);
  EXPECT_EQ(account.balance(), 42);
}

TYPED_TEST(AccountContract, RefusesNegativeAmounts) {
  EXPECT_THROW(TypeParam(-1), std::invalid_argument);
  TypeParam account(10);
  EXPECT_THROW(account.withdraw(-1), std::invalid_argument);
  EXPECT_THROW(account.deposit(-1), std::invalid_argument);
  EXPECT_EQ(account.balance(), 10);
}

TYPED_TEST(AccountContract, IsNeverOverdrawn) {
  under_schedules([] {
    TypeParam account(1000);
    bool first_paid = false, second_paid = false;
    std::thread first([&] { first_paid = account.withdraw(800); });
    std::thread second([&] { second_paid = account.withdraw(800); });
    EXPECT_GE(account.balance(), 0);
    first.join();
    second.join();
    EXPECT_NE(first_paid, second_paid);
    EXPECT_EQ(account.balance(), 200);
  });
}

TYPED_TEST(AccountContract, ConservesMoney) {
  under_schedules([] {
    TypeParam account(100);
    bool paid = false;
    std::thread deposits([&] {
      account.deposit(50);
      account.deposit(50);
    });
    std::thread withdraws([&] { paid = account.withdraw(150); });
    deposits.join();
    withdraws.join();
    EXPECT_EQ(account.balance(), paid ? 50 : 200);
  });
}

TEST(Transfer, MovesWhatIsCovered) {
  Shared from(100), to(1);
  EXPECT_TRUE(transfer(from, to, 60));
  EXPECT_FALSE(transfer(from, to, 41));
  EXPECT_TRUE(transfer(to, from, 61));
  EXPECT_EQ(from.balance, 101);
  EXPECT_EQ(to.balance, 0);
}

TEST(Transfer, ToTheSameAccountChangesNothing) {
  Shared account(100);
  EXPECT_TRUE(transfer(account, account, 100));
  EXPECT_FALSE(transfer(account, account, 101));
  EXPECT_EQ(account.balance, 100);
}

TEST(Transfer, ToTheSameAccountLocksIt) {
  under_schedules([] {
    Shared account(100), other(0);
    std::thread one([&] { transfer(account, other, 10); });
    EXPECT_TRUE(transfer(account, account, 90));
    one.join();
    EXPECT_EQ(account.balance, 90);
  });
}

TEST(Transfer, RefusesNegativeAmounts) {
  Shared from(100), to(100);
  EXPECT_THROW(transfer(from, to, -1), std::invalid_argument);
  EXPECT_EQ(from.balance, 100);
  EXPECT_EQ(to.balance, 100);
}

TEST(Transfer, InACircleEndsAndConservesMoney) {
  under_schedules([] {
    Shared a(100), b(100), c(100);
    std::thread first([&] { transfer(a, b, 10); });
    std::thread second([&] { transfer(b, c, 20); });
    std::thread third([&] { transfer(c, a, 30); });
    first.join();
    second.join();
    third.join();
    EXPECT_EQ(a.balance, 120);
    EXPECT_EQ(b.balance, 90);
    EXPECT_EQ(c.balance, 90);
  });
}

}  // namespace
}  // namespace racecourse::account
