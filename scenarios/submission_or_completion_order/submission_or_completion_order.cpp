// Submission order or completion order: results are kept as they come in, and paired with the inputs as they went out.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/checkers/explore.h>
#include <racecourse/primitives/pool/as_completed.h>
#include <racecourse/primitives/pool/fixed.h>
#include <racecourse/scenarios/scenario.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace racecourse::catalogue {
namespace {

using pool::Fixed;
using pool::Future;

constexpr std::array kInputs = {-3, 2};

int square(int x) { return x * x; }

// "-3:9 2:4": each input with the result that it was given.
void report(const std::vector<int>& results) {
  std::string pairs;
  for (std::size_t i = 0; i < kInputs.size(); i++) {
    pairs += (i > 0 ? " " : "") + std::to_string(kInputs[i]) + ":" + std::to_string(results[i]);
  }
  outcome(pairs);
}

void in_one_list() {
  std::mutex mutex;
  std::vector<int> results;  // guarded by mutex
  results.reserve(kInputs.size());
  const auto work = [&](int x) {
    const int result = square(x);
    const std::lock_guard lock(mutex);
    results.push_back(result);  // BUG: whose is it?
  };
  std::thread first(work, kInputs[0]), second(work, kInputs[1]);
  first.join();
  second.join();
  report(results);
}

void each_in_its_place() {
  std::vector<int> results(kInputs.size());
  const auto work = [&](std::size_t i) { results[i] = square(kInputs[i]); };
  std::thread first(work, 0), second(work, 1);
  first.join();
  second.join();
  report(results);
}

std::vector<Future<int>> submit_all(Fixed& pool) {
  std::vector<Future<int>> futures;
  for (const int x : kInputs) futures.push_back(pool.submit(square, x));
  return futures;
}

void asked_in_order() {
  Fixed pool(2);
  std::vector<int> results;
  for (const Future<int>& future : submit_all(pool)) results.push_back(future.result());
  report(results);
}

void asked_as_completed() {
  Fixed pool(2);
  std::vector<int> results;
  for (const Future<int>& future : as_completed(submit_all(pool))) results.push_back(future.result());
  report(results);
}

void sorted_afterwards() {
  Fixed pool(2);
  std::vector<int> results;
  for (const Future<int>& future : as_completed(submit_all(pool))) results.push_back(future.result());
  std::ranges::sort(results);  // "the inputs are in order as well"
  report(results);
}

Expectation now_and_then() { return may_find(Kind::forbidden_outcome, "the second task must overtake the first"); }

const ScenarioRegistration registration{{
    .name = "submission_or_completion_order",
    .title = "Submission order or completion order",
    .family = "notes",
    .difficulty = 2,
    .from = "note 004, section 3",
    .story = "Two threads square two numbers, and append the squares to one list, under a lock. Main gives the first "
             "square to the first number and the second to the second. Most days that is right. Today -3 squared is 4.",
    .python = "Python behaves the same: executor.map() and a loop over the futures give the order of submission, "
              "as_completed() that of completion. The original sleeps for different times, and prints both orders.",
    .outcomes = {{"-3:9 2:4", Outcome::Is::acceptable, "Each input has its own square."},
                 {"-3:4 2:9", Outcome::Is::forbidden, "The squares have changed places."}},
    .hints = {"Which of the two threads is done first?",
              "In which order are the squares in the list, and in which the numbers?",
              "The place in the list says when a square came. It does not say whose it is."},
    .explanation =
        "Two threads run two tasks, and the second may be done first. The lock keeps the list whole, but its order is "
        "that of completion. Main reads it as if it were the order of the numbers, and gives the first of them the "
        "square of the second.",
    .rule = "The order of completion is no name: a result must carry what it belongs to.",
    .fix =
        "Let each task write to the place of its input; then it does not matter when it does. Or ask futures, in the "
        "order in which the tasks were submitted: the n-th future is that of the n-th input. A slow one keeps the "
        "later ones waiting, and no more than that.",
    .reading = {"Python documentation, concurrent.futures: Executor.map(), as_completed()",
                "Brian Goetz et al., Java Concurrency in Practice, section 6.3: CompletionService"},
    .variants =
        {
            broken("in_one_list", "The n-th square to come is given to the n-th number.", in_one_list,
                   {{Checker::explore, finds(Kind::forbidden_outcome)}, {Checker::tsan, now_and_then()}}),
            right("each_in_its_place", "Each task writes to the place of its input.", each_in_its_place),
            right("asked_in_order", "Futures are asked in the order in which the tasks were submitted.",
                  asked_in_order),
            wrong_fix("asked_as_completed", "A pool returns futures, which are taken as they are completed.",
                      "Nothing is shared any more, but the order is still that of completion.", asked_as_completed,
                      {{Checker::explore, finds(Kind::forbidden_outcome)}, {Checker::tsan, now_and_then()}}),
            wrong_fix(
                "sorted_afterwards", "The squares are sorted, as the numbers were.",
                "A larger number need not have the larger square: now it is wrong every time.", sorted_afterwards,
                {{Checker::explore, finds(Kind::forbidden_outcome)}, {Checker::tsan, finds(Kind::forbidden_outcome)}}),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
