// A join that gives up after a while: it returns although the thread, or the process, is still at work.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/process/child.h>
#include <racecourse/primitives/process/shared_memory.h>
#include <racecourse/primitives/thread/joining.h>
#include <racecourse/scenarios/scenario.h>

#include <atomic>
#include <cassert>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>

namespace racecourse::catalogue {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr int kUnknown = 0, kAnswer = 42;

// Starts a thread that works out the answer in 5 ms. Its handle waits for it at the end, whatever happens before.
auto start_to_compute(auto& result) {
  auto work = [&result] {
    std::this_thread::sleep_for(5ms);
    result = kAnswer;
  };
  auto worker = std::make_unique<thread::Joining<thread::Calling<decltype(work)>>>(thread::Options{.name = "worker"},
                                                                                   std::move(work));
  worker->start();
  return worker;
}

void ignores_the_answer() {
  int result = kUnknown;
  const auto worker = start_to_compute(result);
  worker->join_for(1ms);  // BUG: has it ended?
  assert(result == kAnswer);
}

void asks_until_it_has_ended() {
  int result = kUnknown;
  const auto worker = start_to_compute(result);
  while (!worker->join_for(1ms)) {
    // here it could say that it still waits
  }
  assert(result == kAnswer);
}

void goes_without() {
  int result = kUnknown;
  const auto worker = start_to_compute(result);
  const bool ended = worker->join_for(1ms);
  const int answer = ended ? result : kUnknown;  // does not touch what the thread still writes
  assert(answer == (ended ? kAnswer : kUnknown));
}

void longer_timeout() {
  int result = kUnknown;
  const auto worker = start_to_compute(result);
  worker->join_for(50ms);  // "that is ten times what it needs"
  assert(result == kAnswer);
}

void atomic_result() {
  std::atomic<int> result{kUnknown};
  const auto worker = start_to_compute(result);
  worker->join_for(1ms);
  assert(result == kAnswer);
}

// The same with a process, whose result lies in memory that both share.
using Result = process::SharedMemory<std::atomic<int>>;

void compute(const Result& result) {
  std::this_thread::sleep_for(5ms);
  *result = kAnswer;
}

bool ends_within(process::Child& child, Clock::duration timeout) {
  const auto deadline = Clock::now() + timeout;
  while (!child.ended() && Clock::now() < deadline) std::this_thread::sleep_for(100us);
  return child.ended();
}

void process_ignores_the_answer() {
  const Result result(0);
  process::Child worker([&] { compute(result); });
  ends_within(worker, 1ms);
  assert(*result == kAnswer);
}

void process_asks_until_it_has_ended() {
  const Result result(0);
  process::Child worker([&] { compute(result); });
  while (!ends_within(worker, 1ms)) {
    // here it could say that it still waits
  }
  assert(*result == kAnswer);
}

constexpr char kRealProcess[] = "it waits for a real process, which the search does not control";

const ScenarioRegistration registration{{
    .name = "join_with_timeout",
    .title = "A join that does not wait for the end",
    .family = "notes",
    .difficulty = 2,
    .from = "note 002, the sections on threads and on daemon processes",
    .story = "Main lets a worker compute, but will not wait for ever: it joins with a timeout. Then it reads the "
             "result. On a slow day it reads what was there before.",
    .python = "join(timeout) returns None in Python, whether the thread has ended or not; is_alive() tells, and the "
              "note asks it. std::thread has no join with a timeout at all. A std::future has: wait_for() returns "
              "ready or timeout, and is as easily ignored.",
    .hints = {"After join() the thread has ended. And after a join with a timeout?",
              "There are two ways out of join_for(). Does the next line look which one it was?",
              "Let the time pass first. What is in the result then, and who may still write it?"},
    .explanation =
        "join_for() returns for one of two reasons: the thread has ended, or the time has. Main does not ask which. If "
        "it was the time, the worker is still at it; main reads a result that is not there yet, in the same moment in "
        "which the worker may write it: a data race. Only an end that main has seen orders the two.",
    .rule = "A wait with a timeout has two results: look which one it was before you go on.",
    .fix = "Main asks join_for() whether the thread has ended. If not, it waits on, or goes without the result, and "
           "keeps its hands off the memory in which the worker still writes. That memory must also live until then: "
           "here the handle's destructor waits.",
    .reading = {"Python documentation, threading: Thread.join()",
                "C++ Core Guidelines, CP.60: use a future to return a value from a concurrent task",
                "waitpid(2): WNOHANG"},
    .variants =
        {
            broken("ignores_the_answer", "Joins with a timeout, and reads the result.", ignores_the_answer,
                   {{Checker::explore, finds(Kind::assertion, {Kind::data_race})},
                    {Checker::tsan, finds(Kind::assertion, {Kind::data_race})}}),
            right("asks_until_it_has_ended", "Waits again until the answer is yes.", asks_until_it_has_ended),
            right("goes_without", "Does without the result if the thread has not ended.", goes_without),
            wrong_fix(
                "longer_timeout", "Ten times the time that the work takes.",
                "On a machine that is busy the work takes longer.", longer_timeout,
                {{Checker::explore, finds(Kind::assertion, {Kind::data_race})},
                 {Checker::tsan, may_find(Kind::assertion, "the machine must be busy for 50 ms", {Kind::data_race})}}),
            wrong_fix("atomic_result", "The result is atomic, so that it can be read while it is written.",
                      "There is no data race any more, and no result either.", atomic_result,
                      {{Checker::explore, finds(Kind::assertion)}, {Checker::tsan, finds(Kind::assertion)}}),
            only_real(kRealProcess, broken("process_ignores_the_answer", "The same with a process and shared memory.",
                                           process_ignores_the_answer, {{Checker::tsan, finds(Kind::assertion)}})),
            only_real(kRealProcess, right("process_asks_until_it_has_ended", "Waits until the process has ended.",
                                          process_asks_until_it_has_ended, {{Checker::tsan, finds_nothing()}})),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
