// A falsified property shrinks to a schedule and a program that a person can follow.
#include <gtest/gtest.h>
#include <racecourse/checkers/property/check.h>
#include <racecourse/checkers/property/check_workloads.h>
#include <racecourse/checkers/property/holds_under.h>
#include <racecourse/checkers/property/schedule_generator.h>
#include <racecourse/checkers/property/workload.h>
#include <racecourse/primitives/account/atomic_but_not_together.h>
#include <racecourse/primitives/account/check_then_act.h>
#include <racecourse/primitives/account/locked.h>
#include <rapidcheck/gtest.h>

#include <ostream>
#include <string>

namespace racecourse::property {
namespace {

using account::Money;
using schedule::Schedule;

struct Withdraw {
  Money amount;
};
void showValue(const Withdraw& operation, std::ostream& out) { out << "account.withdraw(" << operation.amount << ")"; }
// Of 1000, two large ones are too many; the small ones of one workload never are.
rc::Gen<Withdraw> withdrawals() {
  return rc::gen::map(rc::gen::element<Money>(50, 800), [](Money amount) { return Withdraw{amount}; });
}

template <class Account>
void withdraw_all(const Workload<Withdraw>& workload) {
  Account account(1000);
  run(workload, [&](const Withdraw& operation) { account.withdraw(operation.amount); });
  EXPECT_GE(account.balance(), 0);
}
template <class Account>
void two_withdrawals() {
  withdraw_all<Account>({{{{800}}, {{800}}}});
}

// The finding wanted is the overdraft; the data race behind it is there under every schedule.
Options only_consequences() {
  Options options;
  options.race_check = false;
  return options;
}

RC_GTEST_PROP(AccountProperty, LockedIsNeverOverdrawn, (const Schedule& schedule)) {
  require_holds([workload = *workloads(withdrawals())] { withdraw_all<account::Locked>(workload); }, schedule);
}

TEST(AccountProperty, HoldsUnderRapidCheckItself) {
  EXPECT_TRUE(rc::check("two withdrawals from a locked account",
                        [](const Schedule& schedule) { require_holds(two_withdrawals<account::Locked>, schedule); }));
}

template <class Account>
Falsified falsify(std::uint64_t seed) {
  Schedules schedules(two_withdrawals<Account>, only_consequences());
  try {
    check("two_withdrawals", {.seed = seed, .tests = 2'000},
          [&](const Schedule& schedule) { schedules.require_holds(schedule); });
  } catch (const Falsified& falsified) {
    return falsified;
  }
  ADD_FAILURE() << "the property held";
  return Falsified("the property held");
}

TEST(AccountProperty, CheckThenActShrinksToTwoSwitches) {
  const Falsified found = falsify<account::CheckThenAct>(1);
  EXPECT_EQ(found.kind, Kind::assertion);
  EXPECT_LE(schedule::switches(schedule::from_token(found.token)), 2u) << found.token;
  EXPECT_NE(found.message.find("balance"), std::string::npos) << found.message;
  EXPECT_EQ(found.seed, 1u);
}

// Here the switch must fall between two atomic operations: no sleep helps.
TEST(AccountProperty, AtomicButNotTogetherShrinksToTwoSwitches) {
  const Falsified found = falsify<account::AtomicButNotTogether>(1);
  EXPECT_EQ(found.kind, Kind::assertion);
  EXPECT_LE(schedule::switches(schedule::from_token(found.token)), 2u) << found.token;
  EXPECT_GT(found.shrinks, 0);
}

TEST(AccountProperty, ASeedFindsTheSameCounterexample) {
  const Falsified once = falsify<account::AtomicButNotTogether>(5);
  const Falsified again = falsify<account::AtomicButNotTogether>(5);
  EXPECT_EQ(once.token, again.token);
  EXPECT_EQ(once.tests, again.tests);
  EXPECT_EQ(once.shrinks, again.shrinks);
}

TEST(AccountProperty, TheTokenReplaysTheCounterexample) {
  const Falsified found = falsify<account::AtomicButNotTogether>(1);
  Options options;
  options.token = found.token;
  const Verdict verdict = search(two_withdrawals<account::AtomicButNotTogether>, options);
  ASSERT_TRUE(verdict.finding);
  EXPECT_EQ(verdict.finding->kind, Kind::assertion);
}

// Program and schedule shrink together: two threads of one operation each.
TEST(AccountProperty, TheWorkloadShrinksToo) {
  std::string pasted;
  try {
    check_workloads<Withdraw>("withdrawals", {.seed = 2, .tests = 2'000}, workloads(withdrawals()),
                              {"Account", "NeverOverdrawn", "racecourse::account::AtomicButNotTogether account(1000);",
                               "EXPECT_GE(account.balance(), 0);"},
                              withdraw_all<account::AtomicButNotTogether>);
    FAIL() << "the property held";
  } catch (const Falsified& falsified) {
    pasted = falsified.test;
  }
  const std::string comment = pasted.substr(0, pasted.find('\n') + 1);
  EXPECT_EQ(comment.rfind("// Found by a property under r1:", 0), 0u);
  EXPECT_EQ(pasted.substr(comment.size()),
            "TEST(Account, NeverOverdrawn) {\n"
            "  racecourse::explore([] {\n"
            "    racecourse::account::AtomicButNotTogether account(1000);\n"
            "    std::thread t1([&] { account.withdraw(800); });\n"
            "    std::thread t2([&] { account.withdraw(800); });\n"
            "    t1.join();\n"
            "    t2.join();\n"
            "    EXPECT_GE(account.balance(), 0);\n"
            "  });\n"
            "}\n");
}

TEST(AccountProperty, AVerdictTellsWhatWasFound) {
  const Verdict broken = verdict_of([](std::uint64_t seed) { throw falsify<account::AtomicButNotTogether>(seed); }, 1);
  ASSERT_EQ(broken.state, State::failed);
  EXPECT_EQ(broken.finding->kind, Kind::assertion);
  EXPECT_FALSE(broken.finding->token.empty());
  EXPECT_GT(broken.executions, 0u);
  const Verdict right = verdict_of(
      [](std::uint64_t seed) {
        check("two_withdrawals", {.seed = seed, .tests = 20},
              [](const Schedule& schedule) { require_holds(two_withdrawals<account::Locked>, schedule); });
      },
      1);
  EXPECT_EQ(right.state, State::not_found);
  EXPECT_EQ(right.executions, 20u);
}

}  // namespace
}  // namespace racecourse::property
