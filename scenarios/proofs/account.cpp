// The account, proved (A1 to A3).
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/account/cas_loop.h>
#include <racecourse/primitives/account/locked.h>
#include <racecourse/primitives/account/ordered_transfer.h>
#include <racecourse/scenarios/catalogue.h>
#include <racecourse/scenarios/proofs/two_threads.h>

#include <cassert>

namespace racecourse::catalogue {
namespace {

template <class Account>
void two_withdrawals_each() {
  Account account(1000);
  int paid[2] = {};
  in_two_threads([&](int me) {
    for (int i = 0; i < 2; i++) paid[me] += account.withdraw(400) ? 1 : 0;
  });
  assert(paid[0] + paid[1] == 2);
  assert(account.balance() == 200);
}

void two_transfers_each() {
  account::Shared mine(1000), yours(1000);
  in_two_threads([&](int me) {
    account::transfer(me == 0 ? mine : yours, me == 0 ? yours : mine, 300);
    account::transfer(me == 0 ? yours : mine, me == 0 ? mine : yours, 500);
  });
  assert(mine.balance == 1000 && yours.balance == 1000);
}

const char* const kWithdrawals = "two threads withdraw twice each, from an account that has enough for two";

const ProofRegistration proofs[] = {
    {"account", "locked", proves(kWithdrawals), two_withdrawals_each<account::Locked>},
    {"account", "cas_loop", proves(kWithdrawals), two_withdrawals_each<account::CasLoop>},
    {"account", "ordered_transfer", proves("two threads make two opposite transfers each"), two_transfers_each},
};

}  // namespace
}  // namespace racecourse::catalogue
