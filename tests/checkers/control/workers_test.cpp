// A search finds, counts and says the same however many workers share it, and whatever becomes of them.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <racecourse/checkers/control/processors.h>
#include <racecourse/checkers/control/search_loop.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <vector>

#include "support.h"

namespace racecourse {
namespace {

using testing_support::impatient;
using testing_support::keep_both_updates;

// All that must not depend on the number of workers.
struct Said {
  std::string text, token;
  std::uint64_t executions;
  std::map<std::string, std::uint64_t> outcomes;
  friend bool operator==(const Said&, const Said&) = default;
};
void PrintTo(const Said& said, std::ostream* out) {
  *out << said.text << " | " << said.token << " | " << said.executions;
  for (const auto& [outcome, count] : said.outcomes) *out << " | " << outcome << " x" << count;
}

Said what_is_said(const Verdict& verdict) {
  return {verdict.text, verdict.finding ? verdict.finding->token : "", verdict.executions, verdict.outcomes};
}

// What is said with one worker, and with any other number.
Said by_any_number(const std::function<Verdict(const Options&)>& run, Options options) {
  options.workers = 1;
  const Said alone = what_is_said(run(options));
  for (const int workers : {2, 3, 8}) {
    options.workers = workers;
    EXPECT_EQ(what_is_said(run(options)), alone) << workers << " workers";
  }
  return alone;
}

Said by_any_number(void (*body)(), std::uint64_t executions, std::uint64_t seed = 1) {
  Options options;
  options.executions = executions;
  options.seed = seed;
  return by_any_number([&](const Options& with) { return search(body, with); }, options);
}

// In memory that no execution resets: the number of executions so far, by all workers.
struct Shared {
  std::atomic<int> executions;
};
Shared& shared() {
  static Shared* const memory =
      static_cast<Shared*>(mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  return *memory;
}

// The threads go through a row of steps; in one schedule of many each is overtaken in the middle of a certain one.
template <int kSteps>
void meet_in_the_middle() {
  std::atomic<int> first{0}, second{0};
  std::thread other([&] {
    for (int i = 0; i < kSteps; i++) second.fetch_add(1);
  });
  int met = 0;
  for (int i = 0; i < kSteps; i++) {
    first.fetch_add(1);
    met += second.load() == i;
  }
  other.join();
  EXPECT_LT(met, kSteps);
}

void late_finding() { meet_in_the_middle<6>(); }

void report_order() {
  std::atomic<int> turn{0};
  int places[3];
  std::thread a([&] { places[0] = turn++; }), b([&] { places[1] = turn++; });
  places[2] = turn++;
  a.join();
  b.join();
  outcome(std::to_string(places[0]) + std::to_string(places[1]) + std::to_string(places[2]));
}

// More results than the table holds.
void report_many() {
  std::atomic<unsigned> bits{0}, at{0};
  const auto add = [&](unsigned bit) {
    for (int i = 0; i < 6; i++) bits.fetch_or(bit << at.fetch_add(1));
  };
  std::thread a([&] { add(0); }), b([&] { add(1); });
  a.join();
  b.join();
  for (int i = 0; i < 8; i++) outcome(std::to_string(bits.load()) + " " + std::to_string(i));
}

void race_now_and_then() {
  int value = 0;
  std::atomic<int> looked{0};
  std::thread other([&] {
    if (looked.load() == 3) value++;
  });
  for (int i = 0; i < 5; i++) looked++;
  value++;
  other.join();
}

TEST(Workers, FindEarly) {
  const Said said = by_any_number(testing_support::lose_an_update, 10'000);
  EXPECT_NE(said.text.find("failed: assertion in execution"), std::string::npos) << said.text;
}

TEST(Workers, FindLate) {
  const Said said = by_any_number(late_finding, 10'000, 7);
  EXPECT_NE(said.text.find("failed: assertion in execution"), std::string::npos) << said.text;
  EXPECT_GT(said.executions, 4096u) << said.text;
}

TEST(Workers, FindNothing) {
  const Said said = by_any_number(report_order, 9'000);
  EXPECT_EQ(said.executions, 9'000u);
  EXPECT_EQ(said.outcomes.size(), 6u);
  std::uint64_t sum = 0;
  for (const auto& [order, count] : said.outcomes) sum += count;
  EXPECT_EQ(sum, 9'000u);
}

// Two executions at a time would find each other's.
void use_a_file() {
  static const std::string path = testing::TempDir() + "racecourse_workers_test";
  const int file = open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY, 0600);
  EXPECT_GE(file, 0);
  keep_both_updates();
  close(file);
  EXPECT_EQ(unlink(path.c_str()), 0);
}

TEST(Workers, DoNotMeetInFilesOfTheBody) {
  unlink((testing::TempDir() + "racecourse_workers_test").c_str());  // of a run that was killed
  const Said said = by_any_number(use_a_file, 4'000);
  EXPECT_EQ(said.executions, 4'000u) << said.text;
}

TEST(Workers, CountMoreOutcomesThanFit) {
  const Said said = by_any_number(report_many, 6'000);
  EXPECT_TRUE(said.outcomes.contains("(other outcomes)")) << said.outcomes.size();
}

TEST(Workers, LearnTheSameRaces) {
  by_any_number(race_now_and_then, 10'000, 1);
  by_any_number(race_now_and_then, 10'000, 2);
}

TEST(Workers, PassOverTheSame) {
  Options options;
  options.executions = 8'000;
  const Said said = by_any_number(
      [](const Options& with) { return search_for(race_now_and_then, Kind::deadlock, {Kind::data_race}, with); },
      options);
  EXPECT_NE(said.text.find("data-race in "), std::string::npos) << said.text;
}

// The process ends where the load comes between, in about every hundredth execution.
template <class End>
void end_sometimes(End end) {
  std::atomic<int> value{0};
  std::thread other([&] {
    for (int i = 0; i < 4; i++) value++;
  });
  int seen = 0;
  for (int i = 0; i < 4; i++) seen += value.load() == i;
  other.join();
  if (seen == 4) end();
}
void exit_sometimes() {
  end_sometimes([] { std::exit(3); });
}
void crash_sometimes() {
  end_sometimes([] { raise(SIGSEGV); });
}
void hang_sometimes() {
  end_sometimes([] {
    for (volatile bool forever = true; forever;) continue;
  });
}

TEST(Workers, FindTheSameCrash) {
  EXPECT_NE(by_any_number(crash_sometimes, 10'000).text.find("signal"), std::string::npos);
}

TEST(Workers, FindTheSameHang) {
  Options options = impatient();
  options.executions = 10'000;
  options.workers = 1;
  const Said alone = what_is_said(search(hang_sometimes, options));
  options.workers = 3;
  EXPECT_EQ(what_is_said(search(hang_sometimes, options)), alone);
  EXPECT_NE(alone.text.find("hang"), std::string::npos) << alone.text;
}

TEST(Workers, GoOnBehindTheSameDeaths) {
  Options options;
  options.executions = 3'000;
  const Said said = by_any_number(
      [](const Options& with) { return search_for(exit_sometimes, Kind::deadlock, {Kind::exit}, with); }, options);
  EXPECT_NE(said.text.find("exit in "), std::string::npos) << said.text;
  EXPECT_EQ(said.executions, 3'000u);
}

// Counts this execution, with those of other workers, behind the runtime's back: the number must not be a part of what
// the search sees, and the runtime's own atomic operations need not be atomic between processes.
int count_execution() {
  int before = 1;
  asm volatile("lock xaddl %0, %1" : "+r"(before), "+m"(*reinterpret_cast<int*>(&shared().executions)) : : "memory");
  return before;
}

// Sent from outside once, in the middle of the search; then never again.
void killed_once() {
  if (count_execution() == 2'000) syscall(SYS_kill, getpid(), SIGKILL);
  report_order();
}

TEST(Workers, AKilledOneIsReplacedAndNothingIsLost) {
  Options options;
  options.executions = 4'000;
  options.name = "name";
  shared().executions = 1'000'000;
  const Said undisturbed = what_is_said(search(killed_once, options));
  for (const int workers : {1, 2, 3}) {
    options.workers = workers;
    shared().executions = 0;
    EXPECT_EQ(what_is_said(search(killed_once, options)), undisturbed) << workers << " workers";
    EXPECT_GT(shared().executions, 4'000) << "nobody was killed";
  }
}

TEST(Workers, AKilledProofBeginsAnew) {
  Options options;
  options.strategy = "exhaustive";
  const auto body = [] {
    if (count_execution() == 3) syscall(SYS_kill, getpid(), SIGKILL);
    report_order();
  };
  shared().executions = 1'000;
  const Verdict undisturbed = search(body, options);
  EXPECT_EQ(undisturbed.state, State::proved) << undisturbed.text;
  shared().executions = 0;
  const Verdict killed = search(body, options);
  EXPECT_EQ(killed.text, undisturbed.text);
  EXPECT_GT(shared().executions, static_cast<int>(killed.executions)) << "nobody was killed";
}

TEST(Workers, ABodyThatKillsItselfIsFound) {
  const auto body = [] { end_sometimes([] { syscall(SYS_kill, getpid(), SIGKILL); }); };
  Options options;
  for (const int workers : {1, 3}) {
    options.workers = workers;
    EXPECT_EQ(testing_support::summary(search(body, options)), "failed: signal");
  }
}

TEST(Workers, ShareABudgetInSeconds) {
  Options options;
  options.executions = 0;
  options.seconds = 0.5;
  options.workers = 3;
  const Verdict verdict = search(keep_both_updates, options);
  EXPECT_EQ(verdict.state, State::not_found) << verdict.text;
  EXPECT_LT(verdict.seconds, 30);
}

// Its finding is in the second half, which runs from its own beginning.
TEST(Shards, AreAsGoodWithAnyNumberOfWorkers) {
  Options options;
  options.executions = 8'000;
  options.shard = "2/2";
  const Said said = by_any_number([](const Options& with) { return search(report_order, with); }, options);
  EXPECT_EQ(said.executions, 4'000u);
  EXPECT_NE(said.text.find("not found: 4000 executions (seed 1, shard 2/2)"), std::string::npos) << said.text;
}

TEST(Shards, CountFromWhereTheyBegin) {
  Options options;
  options.shard = "3/4";
  options.workers = 2;
  const Verdict verdict = search(testing_support::lose_an_update, options);
  ASSERT_TRUE(verdict.finding) << verdict.text;
  EXPECT_EQ(verdict.finding->execution, 5'000 + verdict.executions);
  options.executions = 0;
  options.seconds = 60;
  const Verdict timed = search(testing_support::lose_an_update, options);
  ASSERT_TRUE(timed.finding) << timed.text;
  EXPECT_EQ(timed.finding->execution, 200'000'000'000 + timed.executions);
}

TEST(Shards, AddUpToTheBudget) {
  std::uint64_t next = 0;
  for (int i = 1; i <= 7; i++) {
    Options options;
    options.executions = 1'000'003;
    options.shard = std::to_string(i) + "/7";
    const control::Part part = control::part_of(options);
    EXPECT_EQ(part.first, next);
    next = part.last;
  }
  EXPECT_EQ(next, 1'000'003u);
}

TEST(Workers, NumberOfTheEnvironment) {
  setenv("RACECOURSE_WORKERS", "many", 1);
  EXPECT_THROW(search(keep_both_updates), std::invalid_argument);
  setenv("RACECOURSE_WORKERS", "2", 1);
  EXPECT_EQ(search(keep_both_updates).state, State::not_found);
  unsetenv("RACECOURSE_WORKERS");
}

TEST(Processors, AreAtLeastOne) { EXPECT_GE(control::usable_processors(), 1u); }

TEST(Processors, ThatAQuotaPaysFor) {
  EXPECT_EQ(control::processors_of_quota("200000 100000"), 2u);
  EXPECT_EQ(control::processors_of_quota("150000 100000"), 2u);
  EXPECT_EQ(control::processors_of_quota("10000 100000"), 1u);
  EXPECT_EQ(control::processors_of_quota("max 100000"), 0u);
  EXPECT_EQ(control::processors_of_quota("-1 100000"), 0u);
  EXPECT_EQ(control::processors_of_quota(""), 0u);
}

}  // namespace
}  // namespace racecourse
