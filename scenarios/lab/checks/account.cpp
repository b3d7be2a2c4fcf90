// The checks of an account: what it promises is numbered in contracts/racecourse/primitives/account/account.h.
#undef NDEBUG  // the checks report through assert, whatever the build type
#include <racecourse/scenarios/lab/checks.h>

#include <cassert>
#include <stdexcept>
#include <thread>

#include "my_account.h"

namespace {

using racecourse::account::Money;
using racecourse::account::MyAccount;

void takes_what_is_there() {
  MyAccount account(1000);
  assert(account.withdraw(300));
  assert(account.balance() == 700);
  assert(!account.withdraw(701));
  assert(account.withdraw(700));
  account.deposit(5);
  assert(account.balance() == 5);
}

void refuses_negative_amounts() {
  MyAccount account(10);
  bool refused = false;
  try {
    account.withdraw(-1);
  } catch (const std::invalid_argument&) {
    refused = true;
  }
  assert(refused);
  assert(account.balance() == 10);
}

// A1 and A2: the account has enough for one of them.
void two_withdraw() {
  MyAccount account(1000);
  bool first_paid = false, second_paid = false;
  std::thread first([&] { first_paid = account.withdraw(800); });
  std::thread second([&] { second_paid = account.withdraw(800); });
  first.join();
  second.join();
  assert(account.balance() >= 0);
  assert(first_paid != second_paid);
  assert(account.balance() == 200);
}

// A2: there is enough for all.
void one_withdraws_one_deposits() {
  MyAccount account(1000);
  std::thread first([&] {
    account.withdraw(100);
    account.withdraw(100);
  });
  std::thread second([&] {
    account.deposit(10);
    account.deposit(10);
  });
  first.join();
  second.join();
  assert(account.balance() == 820);
}

void one_only_looks() {
  MyAccount account(1000);
  std::thread first([&] { account.withdraw(800); });
  std::thread reader([&] {
    const Money seen = account.balance();
    assert(seen == 1000 || seen == 200);
  });
  first.join();
  reader.join();
}

void three_withdraw() {
  MyAccount account(1000);
  bool paid[3] = {};
  std::thread threads[3];
  for (int i = 0; i < 3; i++) threads[i] = std::thread([&, i] { paid[i] = account.withdraw(400); });
  for (std::thread& thread : threads) thread.join();
  assert(account.balance() == 200);
  assert(paid[0] + paid[1] + paid[2] == 2);
}

const racecourse::lab::Bodies bodies{{
    {"takes_what_is_there", takes_what_is_there},
    {"refuses_negative_amounts", refuses_negative_amounts},
    {"two_withdraw", two_withdraw},
    {"one_withdraws_one_deposits", one_withdraws_one_deposits},
    {"one_only_looks", one_only_looks},
    {"three_withdraw", three_withdraw},
}};

}  // namespace
