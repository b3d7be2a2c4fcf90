#include <racecourse/scenarios/lab/exercise.h>

namespace racecourse::lab {
namespace {

std::vector<Check> account_checks() {
  return {
      {Rung::contract, "takes_what_is_there", "withdraw() takes what the balance covers, and no more", ""},
      {Rung::contract, "refuses_negative_amounts", "a negative amount throws std::invalid_argument", ""},
      {Rung::two_threads, "two_withdraw", "of two withdrawals of 800 from 1000 one succeeds (A1, A2)",
       "a test stays true until one acts on it"},
      {Rung::two_threads, "one_withdraws_one_deposits", "no withdrawal and no deposit is lost (A2)",
       "a += or -= is one step"},
      {Rung::two_threads, "one_only_looks", "balance() is a balance that there was", "who only reads needs no lock"},
      {Rung::three_threads, "three_withdraw", "of three withdrawals of 400 from 1000 two succeed (A1, A2)",
       "what holds for two threads holds for three"},
  };
}

Exercise two_withdrawals() {
  return {
      .name = "two_withdrawals",
      .primitive = "account",
      .starter = "check_then_act",
      .starter_symbol = "CheckThenAct",
      .reference = "locked",
      .reference_symbol = "Locked",
      .symbol = "MyAccount",
      .file = "my_account.h",
      .fails = "two_withdraw assertion",
      .mutants = {"read_balance_unlocked ReadBalanceUnlocked", "atomic_but_not_together AtomicButNotTogether"},
      .bodies = {"account"},
      .test = "account",
      .checks = account_checks(),
      .difficulty = 1,
      .note = "note 004, the bank account",
      .teaches = "a test and what follows from it belong together",
      .texts = {
          .title = "Two withdrawals",
          .story = "A bank account of 1000. Two people withdraw 800 each, at the same time, from two machines. Each "
                   "machine first looks whether there is enough. In the end the account stands at -600, and nobody "
                   "did anything wrong. Make it an account that two machines may use.",
          .hints = {"What may the other thread do between the line that looks at the balance and the line that "
                    "changes it?",
                    "Both threads look before either subtracts. Both find 1000, and both are right at that moment.",
                    "The look and the subtraction must happen while nobody else can come between. Every member that "
                    "touches the balance has to take part, also those that only read."},
          .explanation = "Between the test and the subtraction the other thread made the same test. The reference "
                         "holds one mutex from the test to the subtraction, and takes the same mutex wherever the "
                         "balance is read or written, so no thread ever sees a balance that another is changing.",
          .rule = "A decision is good only for as long as nobody can change what it was made on."}};
}

Exercise quick_look() {
  return {
      .name = "quick_look",
      .primitive = "account",
      .starter = "read_balance_unlocked",
      .starter_symbol = "ReadBalanceUnlocked",
      .reference = "locked",
      .reference_symbol = "Locked",
      .symbol = "MyAccount",
      .file = "my_account.h",
      .fails = "one_only_looks data-race",
      .mutants = {"check_then_act CheckThenAct", "atomic_but_not_together AtomicButNotTogether"},
      .bodies = {"account"},
      .test = "account",
      .checks = account_checks(),
      .difficulty = 1,
      .note = "note 004, the bank account; note 002, the worker that prints qsize()",
      .teaches = "a lock protects only against those who take it",
      .texts = {
          .title = "A quick look",
          .story =
              "The account has a lock now, and the tests have been green for a year. A colleague reads the balance "
              "for a display on the wall, from another thread, and says that it is only a look. The checker says "
              "that the program has no meaning at all. Who is right, and what is to be done?",
          .hints = {"Go through the members one by one: which of them touch the balance, and under what?",
                    "One thread writes the balance under the lock. Another reads it. What keeps them apart?",
                    "Reading is an access like any other. What must a const member be able to do to the mutex?"},
          .explanation = "The writers held the lock, the reader did not, so nothing ordered the two: a data race, for "
                         "which C++ promises nothing, not even an old value. The reference takes the lock for the "
                         "read; the mutex is mutable so that a const member may.",
          .rule = "Everybody who touches the data takes the lock, readers too."}};
}

Exercise without_a_lock() {
  Exercise exercise{
      .name = "without_a_lock",
      .primitive = "account",
      .starter = "atomic_but_not_together",
      .starter_symbol = "AtomicButNotTogether",
      .reference = "cas_loop",
      .reference_symbol = "CasLoop",
      .symbol = "MyAccount",
      .file = "my_account.h",
      .fails = "two_withdraw assertion",
      .mutants = {"check_then_act CheckThenAct", "read_balance_unlocked ReadBalanceUnlocked", "locked Locked"},
      .bodies = {"account", "lock_free"},
      .test = "account",
      .reference_test = "account_without_lock",
      .checks = account_checks(),
      .difficulty = 4,
      .note = "note 004, the bank account",
      .teaches = "two atomic steps are not one",
      .texts = {
          .title = "Without a lock",
          .story = "This account is used in a signal handler too, so it must not wait for a lock: the thread that "
                   "holds it may be the very one that was interrupted. Somebody made the balance atomic and was proud "
                   "of it. No race detector has anything to say, and the account is overdrawn all the same. Mend it, "
                   "and keep it free of locks.",
          .hints = {"Every access is atomic. How many accesses does one withdrawal make?",
                    "The balance that was tested and the balance that is subtracted from need not be the same one.",
                    "There is an operation that changes an atomic only if it still has the value that you saw, and "
                    "tells you the new one if not."},
          .explanation = "The load and the subtraction were atomic each, and another thread fitted between. The "
                         "reference computes from the value that it tested and lets compare_exchange put the result "
                         "in place only if that value is still there; if not it tests anew. Nobody ever waits for a "
                         "thread that was stopped.",
          .rule = "Atomic operations do not add up to an atomic operation."}};
  exercise.checks.push_back({Rung::progress, "no_room_for_a_lock",
                             "the account is as large as its balance, so it holds no lock",
                             "a lock is always an answer"});
  return exercise;
}

Exercise two_transfers() {
  return {
      .name = "two_transfers",
      .primitive = "account",
      .starter = "abba_transfer",
      .starter_symbol = "abba_transfer",
      .reference = "ordered_transfer",
      .reference_symbol = "transfer",
      .symbol = "my_transfer",
      .file = "my_transfer.h",
      .fails = "both_ways deadlock",
      .mutants = {},
      .edits = {{"one_lock_of_two", "  std::lock_guard inner(second->mutex);\n", ""},
                {"taken_twice", "if (&from == &to)", "if (false)"},
                {"one_lock_for_all", "  std::lock_guard outer(first->mutex);",
                 "  static std::mutex all;\n  std::lock_guard every(all);\n  std::lock_guard outer(first->mutex);"}},
      .bodies = {"transfer"},
      .test = "transfer",
      .checks = {{Rung::contract, "moves_what_is_there", "a transfer moves what the account covers, and no more", ""},
                 {Rung::contract, "to_oneself", "a transfer to the same account changes nothing and ends", ""},
                 {Rung::two_threads, "both_ways", "two transfers in opposite directions both end (A3)",
                  "locks may be taken in any order"},
                 {Rung::two_threads, "an_auditor_holds_both", "who holds both locks sees no money on the way (A2)",
                  "one lock is enough for two things"},
                 {Rung::three_threads, "round_in_a_circle", "three transfers in a circle all end (A3)",
                  "only two threads can wait for each other"},
                 {Rung::progress, "others_go_on", "while one account is held, transfers between others go through",
                  "a lock around everything is always an answer"}},
      .difficulty = 2,
      .note = "note 004, the bank account; dining philosophers",
      .teaches = "locks are taken in one order",
      .texts = {
          .title = "Two transfers",
          .story = "A transfer needs two accounts, so it takes two locks. I send you 300 while you send me 500, and "
                   "neither money arrives: the program stands still. It worked in every test, where one transfer "
                   "came after the other. Let all transfers end, and do not hold up those that have nothing to do "
                   "with each other.",
          .hints = {"Which lock does each of the two threads hold when the program stands still, and which does it "
                    "want?",
                    "My transfer takes my lock first, yours takes yours first. Each then waits for the other's.",
                    "If everybody took the locks in the same order, whichever way the money goes, nobody could wait "
                    "in a circle. What do two accounts have by which they can be put in order?"},
          .explanation = "Each thread held one lock and waited for the other's, for ever. The reference takes both "
                         "locks in the order of the accounts' addresses, which is the same for both directions, so "
                         "whoever waits holds only locks that come earlier. A circle would need one that comes "
                         "later.",
          .rule = "Several locks are taken in one global order."}};
}

}  // namespace

std::vector<Exercise> account_exercises() {
  return {two_withdrawals(), quick_look(), two_transfers(), without_a_lock()};
}

}  // namespace racecourse::lab
