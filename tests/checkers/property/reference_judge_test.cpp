// The judges of the runtime against a slow one that is obviously right, on random small programs.
#include "reference_judge.h"

#include <gtest/gtest.h>
#include <racecourse/checkers/control/systematic_search.h>
#include <racecourse/checkers/runtime/execution.h>
#include <racecourse/checkers/schedule/exhaustive.h>
#include <racecourse/checkers/schedule/recording_walk.h>
#include <rapidcheck/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "random_program.h"

namespace racecourse {
namespace {

using random_program::kAtomics;
using random_program::kLocks;
using random_program::kMemory;
using random_program::kSemaphores;
using random_program::kThreads;
using random_program::Log;
using random_program::Op;
using random_program::Program;
using random_program::Step;
using runtime::SharedBlock;

// ---- programs

int number(int from, int below) { return *rc::gen::resize(100, rc::gen::inRange(from, below)); }

Step access() {
  Step step;
  step.op = *rc::gen::weightedElement<Op>({{4, Op::read},
                                           {4, Op::write},
                                           {2, Op::load},
                                           {2, Op::store},
                                           {2, Op::add},
                                           {1, Op::exchange_if},
                                           {1, Op::fence}});
  step.size = static_cast<std::uint8_t>(1 << number(0, 4));
  step.offset = static_cast<std::uint8_t>(number(0, kMemory - step.size + 1));
  step.object = static_cast<std::uint8_t>(number(0, static_cast<int>(kAtomics.size())));
  // What C++ allows for each.
  const std::vector<std::uint8_t> orders = step.op == Op::load    ? std::vector<std::uint8_t>{0, 2, 5}
                                           : step.op == Op::store ? std::vector<std::uint8_t>{0, 3, 5}
                                           : step.op == Op::fence ? std::vector<std::uint8_t>{2, 3, 4, 5}
                                                                  : std::vector<std::uint8_t>{0, 2, 3, 4, 5};
  step.order = orders[static_cast<std::size_t>(number(0, static_cast<int>(orders.size())))];
  return step;
}

Step on(Op op, int objects) {
  Step step;
  step.op = op;
  step.object = static_cast<std::uint8_t>(number(0, objects));
  return step;
}

// A few steps that belong together, most often.
std::vector<Step> piece() {
  const int what = number(0, 20);
  if (what < 10) return {access()};
  if (what < 16) {
    const Step lock = on(Op::lock, kLocks);
    Step unlock = lock;
    unlock.op = Op::unlock;
    if (number(0, 3) == 0) return {lock, access(), on(Op::lock, kLocks), unlock};
    return {lock, access(), unlock};
  }
  if (what < 18) return {on(Op::post, kSemaphores)};
  if (what < 19) return {on(Op::wait, kSemaphores)};
  return {on(Op::unlock, kLocks)};
}

std::vector<Step> steps(std::size_t most) {
  std::vector<Step> all;
  for (int pieces = number(1, 4); pieces > 0; --pieces) {
    for (const Step& step : piece()) all.push_back(step);
  }
  all.resize(std::min(all.size(), most));
  return all;
}

Program program(int most_workers, std::size_t most_steps) {
  const int workers = number(1, most_workers + 1);
  std::vector<std::vector<Step>> threads(kThreads);
  std::vector<Step>& main = threads[0];
  for (int worker = 1; worker <= workers; ++worker) {
    threads[worker] = steps(most_steps);
    Step start;
    start.op = Op::start;
    start.object = static_cast<std::uint8_t>(worker);
    main.push_back(start);
    if (number(0, 2) == 0) main.push_back(access());
  }
  for (int worker = 1; worker <= workers; ++worker) {
    Step join;
    join.op = Op::join;
    join.object = static_cast<std::uint8_t>(worker);
    main.push_back(join);
    if (number(0, 4) == 0) main.push_back(access());
  }
  Program result{};
  int at = 0;
  for (int thread = 0; thread < kThreads; ++thread) {
    result.first[thread] = static_cast<std::uint8_t>(at);
    for (const Step& step : threads[thread]) result.steps[at++] = step;
  }
  result.first[kThreads] = static_cast<std::uint8_t>(at);
  return result;
}

// ---- executions

constexpr int kMostPrograms = 16;

// Between the process that generates programs and the worker that runs them.
struct Shared {
  Program programs[kMostPrograms];
  std::uint32_t current;
  Log log;
  char complaint[4096];  // empty: all is as it should be
  // What the executions of each program showed, by the reference.
  bool raced[kMostPrograms];
  bool ended_badly[kMostPrograms];
  std::uint64_t executions;
  bool gives_up;  // the search ends executions of which nothing new is to be seen
  SharedBlock block;
};

Shared& shared() {
  static auto* const memory = static_cast<Shared*>(
      mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
  return *memory;
}

void complain(const Program& program, const std::string& what) {
  std::ostringstream out;
  out << what << "\n" << program << "log:";
  for (std::uint32_t i = 0; i < shared().log.count; ++i) {
    const random_program::Entry& entry = shared().log.entries[i];
    out << " T" << thread_of(program, entry.step) << (entry.attempt ? ".tries." : ".") << +entry.step;
  }
  std::snprintf(shared().complaint, sizeof shared().complaint, "%s", out.str().c_str());
}

// Compares what the runtime says of the execution in the block with what the reference says of the log.
void compare(bool exact) {
  Shared& all = shared();
  const Program& program = all.programs[all.current];
  const reference::Verdict wanted = reference::judge(program, all.log);
  all.executions++;
  all.raced[all.current] |= wanted.first_race.has_value();
  std::string end;
  bool first_seen = false;
  for (std::uint32_t i = 0; i < all.block.finding_count; ++i) {
    const report::RawFinding& finding = all.block.findings[i];
    const auto kind = static_cast<Kind>(finding.kind);
    if (kind != Kind::data_race) {
      end = to_string(kind);
      continue;
    }
    const int step = random_program::step_at(finding.pc);
    const auto from = static_cast<int>(finding.address - random_program::memory_begin());
    const auto race = wanted.races.find(step);
    const bool right = race != wanted.races.end() &&
                       std::any_of(race->second.begin(), race->second.end(),
                                   [&](int byte) { return byte >= from && byte < from + finding.access_size; });
    if (!right) return complain(program, "false alarm at step " + std::to_string(step));
    first_seen |= step == wanted.first_race;
  }
  if (exact && wanted.first_race && !first_seen)
    return complain(program, "missed the race at step " + std::to_string(*wanted.first_race));
  // Given up, perhaps where only blocked threads are left: another execution has shown what is to be seen there.
  if (all.gives_up && end.empty()) return;
  all.ended_badly[all.current] |= !wanted.ends.contains("");
  if (!wanted.ends.contains(end))
    complain(program, "ended with \"" + end + "\" instead of \"" + *wanted.ends.begin() + "\"");
}

template <class Prepare>
void run_worker(const std::vector<Program>& programs, std::uint64_t executions, bool exact, std::uint64_t seed,
                const Prepare& prepare) {
  Shared& all = shared();
  std::copy(programs.begin(), programs.end(), all.programs);
  all.current = 0;
  all.complaint[0] = '\0';
  all.executions = 0;
  std::fill(std::begin(all.raced), std::end(all.raced), false);
  std::fill(std::begin(all.ended_badly), std::end(all.ended_badly), false);
  const std::uint64_t count = programs.size();
  random_program::step_at(0);  // makes its table, which no execution must have to
  runtime::begin_search(kThreads);
  std::fflush(nullptr);
  const pid_t worker = fork();
  if (worker == 0) {
    runtime::BatchConfig config;
    config.seed = seed;
    config.last = 1;
    config.stop_at = [](const SharedBlock&) { return false; };
    config.next = [=](std::uint64_t& first, std::uint64_t& last) {
      compare(exact);
      first = last++;
      shared().current = static_cast<std::uint32_t>(first / executions);
      return shared().complaint[0] == '\0' && shared().current < count;
    };
    prepare(config);
    shared().gives_up = config.strategy.search != nullptr;
    runtime::run_batch([] { random_program::run(shared().programs[shared().current], shared().log); }, config,
                       shared().block);
    _exit(runtime::kWorkerDone);
  }
  int status = 0;
  waitpid(worker, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != runtime::kWorkerDone) {
    std::ostringstream out;
    out << all.programs[all.current];
    for (std::uint32_t i = 0; i < all.block.finding_count; ++i) out << all.block.findings[i].message << "\n";
    RC_FAIL("the worker died of\n" + out.str());
  }
  if (all.complaint[0] != '\0') RC_FAIL(std::string(all.complaint));
}

std::vector<Program> programs() {
  std::vector<Program> all(static_cast<std::size_t>(number(1, kMostPrograms + 1)));
  for (Program& one : all) one = program(kThreads - 1, 6);
  return all;
}

constexpr std::uint64_t kExecutions = 24;  // of each program

RC_GTEST_PROP(ReferenceJudge, TheExactCheckSaysTheSame, ()) {
  const std::vector<Program> all = programs();
  run_worker(all, kExecutions, true, static_cast<std::uint64_t>(number(1, 1 << 30)),
             [](runtime::BatchConfig& config) { config.make_strategy = [] { return schedule::recording_walk(); }; });
}

RC_GTEST_PROP(ReferenceJudge, TheShadowInventsNothing, ()) {
  const std::vector<Program> all = programs();
  run_worker(all, kExecutions, false, static_cast<std::uint64_t>(number(1, 1 << 30)), [](runtime::BatchConfig&) {});
}

// All executions of a program together show what some of them do.
RC_GTEST_PROP(ReferenceJudge, AnExhaustiveSearchMissesNothing, ()) {
  const std::vector<Program> one{program(2, 3)};
  run_worker(one, 4 * kExecutions, false, static_cast<std::uint64_t>(number(1, 1 << 30)), [](runtime::BatchConfig&) {});
  const bool raced = shared().raced[0], ended_badly = shared().ended_badly[0];
  Options options;
  options.strategy = "exhaustive";
  control::SystematicSearch search(options, false);
  const std::uint32_t chunk = 0;
  constexpr std::uint64_t kMost = 20'000;
  run_worker(one, kMost, true, 1, [&](runtime::BatchConfig& config) {
    config.strategy = {options.strategy, options.switch_probability, options.depth, search.get()};
    config.make_strategy = [&] { return std::make_unique<schedule::Exhaustive>(search.searches(&chunk)); };
  });
  const control::Coverage coverage = search.coverage(kThreads);
  RC_PRE(coverage.exhausted);
  RC_ASSERT(shared().raced[0] || !raced);
  RC_ASSERT(shared().ended_badly[0] || !ended_badly);
}

}  // namespace
}  // namespace racecourse
