// Whatever a few threads draw, pay in and look at, no balance is negative (A1) and no money is lost (A2).
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/account/cas_loop.h>
#include <racecourse/primitives/account/locked.h>
#include <racecourse/primitives/account/ordered_transfer.h>
#include <racecourse/scenarios/properties/any_schedule.h>
#include <racecourse/scenarios/properties/check_programs.h>
#include <racecourse/scenarios/properties/check_sequential.h>

#include <cassert>
#include <ostream>
#include <string>
#include <vector>

namespace racecourse::catalogue {
namespace {

using account::Money;
using property::Workload;

constexpr Money kOpening = 1000;

struct Operation {
  enum class Kind { withdraw, deposit, look };
  Kind kind;
  Money amount;
};
void showValue(const Operation& operation, std::ostream& out) {
  switch (operation.kind) {
    case Operation::Kind::withdraw:
      out << "account.withdraw(" << operation.amount << ")";
      break;
    case Operation::Kind::deposit:
      out << "account.deposit(" << operation.amount << ")";
      break;
    case Operation::Kind::look:
      out << "assert(account.balance() >= 0)";
  }
}

rc::Gen<Operation> operations() {
  using Kind = Operation::Kind;
  const auto kind = rc::gen::element(Kind::withdraw, Kind::withdraw, Kind::deposit, Kind::look);
  const auto amount = rc::gen::element<Money>(800, 300);
  return rc::gen::map(rc::gen::pair(kind, amount), [](const std::pair<Kind, Money>& drawn) {
    return Operation{drawn.first, drawn.second};
  });
}

template <class Account>
void no_money_is_lost(const Workload<Operation>& workload) {
  Account account(kOpening);
  std::vector<Money> change(workload.threads.size());  // one a thread, so that the check itself orders nothing
  property::run(workload, [&](std::size_t thread, const Operation& operation) {
    switch (operation.kind) {
      case Operation::Kind::withdraw:
        if (account.withdraw(operation.amount)) change[thread] -= operation.amount;
        break;
      case Operation::Kind::deposit:
        account.deposit(operation.amount);
        change[thread] += operation.amount;
        break;
      case Operation::Kind::look:
        assert(account.balance() >= 0);
    }
  });
  Money expected = kOpening;
  for (const Money part : change) expected += part;
  assert(account.balance() >= 0);
  assert(account.balance() == expected);
}

// Alone, an account is a number.
struct Balance {
  Money left = kOpening;
};

template <class Account>
struct Opened : Account {
  Opened() : Account(kOpening) {}
};

template <class Account>
struct Withdraw : rc::state::Command<Balance, Opened<Account>> {
  Money amount = *rc::gen::inRange<Money>(0, 1500);
  void apply(Balance& model) const override { model.left -= model.left >= amount ? amount : 0; }
  void run(const Balance& model, Opened<Account>& account) const override {
    RC_ASSERT(account.withdraw(amount) == (model.left >= amount));
  }
  void show(std::ostream& out) const override { out << "account.withdraw(" << amount << ")"; }
};

template <class Account>
struct Deposit : rc::state::Command<Balance, Opened<Account>> {
  Money amount = *rc::gen::inRange<Money>(0, 1500);
  void apply(Balance& model) const override { model.left += amount; }
  void run(const Balance&, Opened<Account>& account) const override { account.deposit(amount); }
  void show(std::ostream& out) const override { out << "account.deposit(" << amount << ")"; }
};

template <class Account>
struct Look : rc::state::Command<Balance, Opened<Account>> {
  void run(const Balance& model, Opened<Account>& account) const override {
    RC_ASSERT(account.balance() == model.left);
  }
  void show(std::ostream& out) const override { out << "account.balance()"; }
};

template <class Account>
void check_alone(const char* name, std::uint64_t seed) {
  check_sequential<Balance, Opened<Account>, Withdraw<Account>, Deposit<Account>, Look<Account>>(name, seed);
}

// Transfers in a ring: each moves money from one account to another.
struct Transfer {
  int from, to;
  Money amount;
};
void showValue(const Transfer& move, std::ostream& out) {
  out << "transfer(accounts[" << move.from << "], accounts[" << move.to << "], " << move.amount << ")";
}
rc::Gen<Transfer> transfers() {
  const auto place = rc::gen::element(0, 1, 2);
  return rc::gen::map(rc::gen::tuple(place, place, rc::gen::element<Money>(300, 800)),
                      [](const std::tuple<int, int, Money>& drawn) {
                        return Transfer{std::get<0>(drawn), std::get<1>(drawn), std::get<2>(drawn)};
                      });
}

void the_sum_stays(const Workload<Transfer>& workload) {
  account::Shared accounts[] = {account::Shared(kOpening), account::Shared(kOpening), account::Shared(kOpening)};
  property::run(workload,
                [&](const Transfer& move) { account::transfer(accounts[move.from], accounts[move.to], move.amount); });
  Money sum = 0;
  for (const account::Shared& each : accounts) {
    assert(each.balance >= 0);
    sum += each.balance;
  }
  assert(sum == 3 * kOpening);
}

template <class Account>
void check_account(const char* name, const char* setup, std::uint64_t seed) {
  check_programs<Operation>(name, seed, property::workloads(operations(), {.most_threads = 3}),
                            {"Account", "NoMoneyIsLost", setup, "assert(account.balance() >= 0);"},
                            no_money_is_lost<Account>);
}

void account_locked(std::uint64_t seed) {
  check_alone<account::Locked>("account/locked", seed);
  check_account<account::Locked>("account/locked", "racecourse::account::Locked account(1000);", seed);
}
void account_cas_loop(std::uint64_t seed) {
  check_alone<account::CasLoop>("account/cas_loop", seed);
  check_account<account::CasLoop>("account/cas_loop", "racecourse::account::CasLoop account(1000);", seed);
}
void account_ordered_transfer(std::uint64_t seed) {
  check_programs<Transfer>("account/ordered_transfer", seed, property::workloads(transfers(), {.most_threads = 3}),
                           {"Account", "TheSumStays",
                            "racecourse::account::Shared accounts[] = {racecourse::account::Shared(1000), "
                            "racecourse::account::Shared(1000), racecourse::account::Shared(1000)};",
                            "assert(accounts[0].balance + accounts[1].balance + accounts[2].balance == 3000);"},
                           the_sum_stays);
}

const PropertyRegistration registrations[] = {
    any_schedule("account", "locked", finds_nothing(), {account_locked}),
    any_schedule("account", "cas_loop", finds_nothing(), {account_cas_loop}),
    any_schedule("account", "ordered_transfer", finds_nothing(), {account_ordered_transfer}),
    any_schedule("account", "check_then_act", finds(Kind::data_race, {Kind::assertion})),
    any_schedule("account", "atomic_but_not_together", finds(Kind::assertion)),
    any_schedule("account", "abba_transfer", finds(Kind::deadlock, {Kind::lock_order})),
    any_schedule("account", "read_balance_unlocked", finds(Kind::data_race)),
};

}  // namespace
}  // namespace racecourse::catalogue
