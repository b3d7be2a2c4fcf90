#include <racecourse/primitives/account/atomic_but_not_together.h>
#include <racecourse/primitives/account/cas_loop.h>
#include <racecourse/scenarios/relacy/suites.h>

namespace racecourse::catalogue {
namespace {

// A1 and A2 with two withdrawals that cannot both be covered.
template <class Account>
struct TwoWithdrawals : relacy::Suite<TwoWithdrawals<Account>, 2> {
  Account account{1000};
  sync::atomic<int> successes{0};

  void run(unsigned) {
    if (account.withdraw(800)) successes.fetch_add(1, std::memory_order_relaxed);
  }
  void after() {
    RL_ASSERT(account.balance() >= 0);
    RL_ASSERT(account.balance() == 1000 - 800 * successes.load(std::memory_order_relaxed));
  }
};

const RelacyRegistration registration{{
    {"account/cas_loop", relacy::check<TwoWithdrawals<account::CasLoop>>},
    {"account/atomic_but_not_together", relacy::check<TwoWithdrawals<account::AtomicButNotTogether>>},
}};

}  // namespace
}  // namespace racecourse::catalogue
