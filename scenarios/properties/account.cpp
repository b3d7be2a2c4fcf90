// Whatever a few threads draw, pay in and look at, no balance is negative (A1) and no money is lost (A2).
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/account/cas_loop.h>
#include <racecourse/primitives/account/locked.h>
#include <racecourse/primitives/account/ordered_transfer.h>
#include <racecourse/scenarios/properties/check_programs.h>
#include <racecourse/scenarios/properties/workloads.h>

#include <cassert>
#include <ostream>
#include <string>
#include <vector>

namespace racecourse::catalogue::workloads {
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

}  // namespace

void account_locked(std::uint64_t seed) {
  check_account<account::Locked>("account/locked", "racecourse::account::Locked account(1000);", seed);
}
void account_cas_loop(std::uint64_t seed) {
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

}  // namespace racecourse::catalogue::workloads
