// The checks of a transfer between two accounts: A1 to A3 of contracts/racecourse/primitives/account/account.h.
#undef NDEBUG  // the checks report through assert, whatever the build type
#include <racecourse/scenarios/lab/checks.h>

#include <cassert>
#include <mutex>
#include <thread>

#include "my_transfer.h"

namespace {

using racecourse::account::my_transfer;
using racecourse::account::Shared;

void moves_what_is_there() {
  Shared mine(1000), yours(0);
  assert(my_transfer(mine, yours, 300));
  assert(!my_transfer(mine, yours, 701));
  assert(mine.balance == 700 && yours.balance == 300);
}

void to_oneself() {
  Shared mine(1000);
  assert(my_transfer(mine, mine, 1000));
  assert(!my_transfer(mine, mine, 1001));
  assert(mine.balance == 1000);
}

// A3 and A2: the money goes both ways at a time.
void both_ways() {
  Shared mine(1000), yours(1000);
  std::thread first([&] { my_transfer(mine, yours, 300); });
  std::thread second([&] { my_transfer(yours, mine, 500); });
  first.join();
  second.join();
  assert(mine.balance == 1200);
  assert(yours.balance == 800);
}

// A2: who holds both locks sees no money on the way.
void an_auditor_holds_both() {
  Shared mine(1000), yours(1000);
  std::thread clerk([&] { my_transfer(mine, yours, 300); });
  {
    std::scoped_lock guard(mine.mutex, yours.mutex);
    assert(mine.balance + yours.balance == 2000);
  }
  clerk.join();
}

// A circle of three, in which every two have an order of their own.
void round_in_a_circle() {
  Shared a(1000), b(1000), c(1000);
  std::thread first([&] { my_transfer(a, b, 100); });
  std::thread second([&] { my_transfer(b, c, 100); });
  std::thread third([&] { my_transfer(c, a, 100); });
  first.join();
  second.join();
  third.join();
  assert(a.balance == 1000 && b.balance == 1000 && c.balance == 1000);
}

// While one account is held for long, others are not: a lock around all transfers would hold them up.
void others_go_on() {
  Shared a(1000), b(1000), held(1000), d(1000);
  std::unique_lock audit(held.mutex);
  std::thread waits([&] { my_transfer(held, d, 100); });
  std::thread goes_on([&] { my_transfer(a, b, 100); });
  goes_on.join();
  audit.unlock();
  waits.join();
  assert(b.balance == 1100 && d.balance == 1100);
}

const racecourse::lab::Bodies bodies{{
    {"moves_what_is_there", moves_what_is_there},
    {"to_oneself", to_oneself},
    {"both_ways", both_ways},
    {"an_auditor_holds_both", an_auditor_holds_both},
    {"round_in_a_circle", round_in_a_circle},
    {"others_go_on", others_go_on},
}};

}  // namespace
