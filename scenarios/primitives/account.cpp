// The account, right and broken: two withdrawals that cannot both be covered, and two transfers in opposite directions.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/account/abba_transfer.h>
#include <racecourse/primitives/account/atomic_but_not_together.h>
#include <racecourse/primitives/account/cas_loop.h>
#include <racecourse/primitives/account/check_then_act.h>
#include <racecourse/primitives/account/locked.h>
#include <racecourse/primitives/account/ordered_transfer.h>
#include <racecourse/primitives/account/read_balance_unlocked.h>
#include <racecourse/scenarios/primitives/declare.h>

#include <cassert>
#include <thread>

namespace racecourse::catalogue {
namespace {

using account::Money;

// A1 and A2: 800 twice from 1000. One succeeds, and 200 are left.
template <class Account>
void two_withdrawals() {
  Account account(1000);
  bool first_paid = false, second_paid = false;
  std::thread first([&] { first_paid = account.withdraw(800); });
  std::thread second([&] { second_paid = account.withdraw(800); });
  first.join();
  second.join();
  const Money balance = account.balance();
  assert(balance >= 0);
  assert(balance == 1000 - (first_paid ? 800 : 0) - (second_paid ? 800 : 0));
}

// The same, with a third thread that only looks.
template <class Account>
void withdrawal_and_reader() {
  Account account(1000);
  std::thread first([&] { account.withdraw(800); });
  std::thread reader([&] { assert(account.balance() >= 0); });
  first.join();
  reader.join();
  assert(account.balance() == 200);
}

// A3 and A2: once one after the other, as in a test that passes; then both at a time.
template <bool transfer(account::Shared&, account::Shared&, Money)>
void opposite_transfers() {
  account::Shared mine(1000), yours(1000);
  auto give = [&] { transfer(mine, yours, 300); };
  auto take = [&] { transfer(yours, mine, 500); };
  std::thread rehearsal([&] { give(), take(); });
  rehearsal.join();
  std::thread first(give), second(take);
  first.join();
  second.join();
  assert(mine.balance + yours.balance == 2000);
  assert(mine.balance == 1400);
}

const Primitive primitive("account");

const Registration registration{{
    primitive.right("locked", "One mutex, held for the test and the subtraction together.",
                    two_withdrawals<account::Locked>, no_std_types()),
    primitive.right("cas_loop", "Subtracts only if the balance is still the one that was tested.",
                    two_withdrawals<account::CasLoop>, finds_nothing()),
    primitive.right("ordered_transfer",
                    "Locks both accounts in the order of their addresses, whichever way the money goes.",
                    opposite_transfers<account::transfer>, no_std_types()),

    primitive.broken("check_then_act",
                     "Tests, then subtracts, under no lock: two withdrawals of 800 leave -600 of 1000.",
                     two_withdrawals<account::CheckThenAct>,
                     {
                         // The race is there in every execution; what it leads to is what the reader is to see.
                         {Checker::explore, finds(Kind::assertion, {Kind::data_race})},
                         {Checker::tsan, finds(Kind::data_race, {Kind::assertion})},
                         {Checker::relacy, not_run("the balance is plain data, which Relacy does not see")},
                     }),
    primitive.broken(
        "atomic_but_not_together", "Each step is atomic, both together are not: no data race, and still overdrawn.",
        two_withdrawals<account::AtomicButNotTogether>,
        {
            {Checker::explore, finds(Kind::assertion)},
            {Checker::tsan,
             may_find(Kind::assertion, "there is no data race to report; only an unlucky run shows the overdraft")},
            {Checker::relacy, finds(Kind::assertion)},
        }),
    primitive.broken(
        "abba_transfer", "Locks in the order of its arguments: two opposite transfers wait for each other.",
        opposite_transfers<account::abba_transfer>,
        {
            {Checker::explore, finds(Kind::deadlock, {Kind::lock_order})},
            // The rehearsal is enough for the inversion to be reported, whether or not the deadlock happens.
            {Checker::tsan, finds(Kind::lock_order, {Kind::hang})},
            {Checker::relacy, no_std_types()},
        }),
    primitive.broken("read_balance_unlocked", "Every change is locked, but the reader takes no lock.",
                     withdrawal_and_reader<account::ReadBalanceUnlocked>,
                     {
                         {Checker::explore, finds(Kind::data_race)},
                         {Checker::tsan, finds(Kind::data_race)},
                         {Checker::relacy, no_std_types()},
                     }),
}};

}  // namespace
}  // namespace racecourse::catalogue
