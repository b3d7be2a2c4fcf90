// One seed gives the same events: twice in a process, when replayed, and in another process under address space
// randomisation.
#include <gtest/gtest.h>
#include <racecourse/checkers/runtime/execution.h>
#include <racecourse/checkers/schedule/schedule.h>
#include <sys/personality.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <locale>
#include <sstream>
#include <string>
#include <vector>

#include "block.h"
#include "programs.h"

namespace racecourse::runtime {
namespace {

using programs::Program;

constexpr std::uint64_t kExecutions = 20;  // of each program
constexpr char kOutputVariable[] = "RACECOURSE_DETERMINISM_TEST_OUTPUT";

// What can be told of an execution without a trace, and the hash of all its events with one.
struct Events {
  schedule::Schedule schedule;
  std::uint64_t ticks = 0;
  std::uint32_t findings = 0;
  std::uint64_t hash = 0;
  bool deviated = false;
};

Events read_block() {
  const SharedBlock& shared = block();
  Events events;
  events.schedule = recorded();
  events.ticks = shared.ticks;
  events.findings = shared.finding_count;
  events.hash = shared.trace_hash;
  events.deviated = shared.deviated != 0;
  return events;
}

template <class Work>
Events in_worker(Work work) {
  block();
  begin_search(4);
  const pid_t worker = fork();
  if (worker == 0) {
    work();
    _exit(kWorkerDone);
  }
  int status = 0;
  waitpid(worker, &status, 0);
  EXPECT_TRUE(WIFEXITED(status)) << "signal " << WTERMSIG(status);
  return read_block();
}

// Execution number `number` of the search with seed 7.
Events search_one(const Program& program, std::uint64_t number) {
  return in_worker([&] {
    BatchConfig config;
    config.seed = 7;
    config.first = number;
    config.last = number + 1;
    config.stop_at = [](const SharedBlock&) { return true; };
    run_batch(program.body, config, block());
  });
}

Events replay(const Program& program, const schedule::Schedule& schedule, bool trace) {
  return in_worker([&] {
    ReplayConfig config;
    config.trace = trace;
    run_replay(program.body, schedule, config, block());
  });
}

// One line per program and execution: its schedule and the hash of its events.
std::string transcript() {
  std::ostringstream out;
  for (const Program& program : programs::all()) {
    for (std::uint64_t number = 0; number < kExecutions; ++number) {
      const Events found = search_one(program, number);
      const Events seen = replay(program, found.schedule, true);
      out << program.name << ' ' << number << ' ' << schedule::to_token(found.schedule) << ' ' << found.ticks << ' '
          << seen.hash << '\n';
    }
  }
  return out.str();
}

TEST(Determinism, ASeedMeansTheSameSchedules) {
  for (const Program& program : programs::all()) {
    for (std::uint64_t number = 0; number < kExecutions; ++number) {
      SCOPED_TRACE(program.name + ", execution " + std::to_string(number));
      const Events once = search_one(program, number);
      const Events again = search_one(program, number);
      EXPECT_EQ(schedule::to_token(once.schedule), schedule::to_token(again.schedule));
      EXPECT_EQ(once.ticks, again.ticks);
      EXPECT_EQ(once.findings, again.findings);
    }
  }
}

// An execution does not depend on those before it in the same worker.
TEST(Determinism, AnExecutionDependsOnItsNumberOnly) {
  for (const Program& program : programs::all()) {
    SCOPED_TRACE(program.name);
    const Events alone = search_one(program, kExecutions - 1);
    const Events after_others = in_worker([&] {
      BatchConfig config;
      config.seed = 7;
      config.last = kExecutions;
      config.stop_at = [](const SharedBlock&) { return false; };
      run_batch(program.body, config, block());
    });
    EXPECT_EQ(schedule::to_token(alone.schedule), schedule::to_token(after_others.schedule));
    EXPECT_EQ(alone.ticks, after_others.ticks);
    EXPECT_EQ(alone.findings, after_others.findings);
  }
}

TEST(Determinism, AReplayRepeatsTheSearchWithAndWithoutATrace) {
  for (const Program& program : programs::all()) {
    for (std::uint64_t number = 0; number < kExecutions; ++number) {
      SCOPED_TRACE(program.name + ", execution " + std::to_string(number));
      const Events found = search_one(program, number);
      const Events plain = replay(program, found.schedule, false);
      const Events traced = replay(program, found.schedule, true);
      const Events traced_again = replay(program, found.schedule, true);
      EXPECT_EQ(schedule::to_token(found.schedule), schedule::to_token(plain.schedule));
      EXPECT_FALSE(plain.deviated);
      EXPECT_FALSE(traced.deviated);
      EXPECT_EQ(found.ticks, plain.ticks);
      EXPECT_EQ(found.ticks, traced.ticks);
      EXPECT_EQ(found.findings, traced.findings);
      EXPECT_EQ(schedule::to_token(plain.schedule), schedule::to_token(traced.schedule));
      EXPECT_NE(traced.hash, 0u);
      EXPECT_EQ(traced.hash, traced_again.hash);
    }
  }
}

bool addresses_are_randomised() {
  std::FILE* file = std::fopen("/proc/sys/kernel/randomize_va_space", "r");
  int level = 0;
  if (file) {
    if (std::fscanf(file, "%d", &level) != 1) level = 0;
    std::fclose(file);
  }
  return level > 0 && (personality(0xffffffff) & ADDR_NO_RANDOMIZE) == 0;
}

// Runs in the other process, which the test below starts.
TEST(Determinism, DISABLED_WritesTranscript) {
  const char* path = std::getenv(kOutputVariable);
  ASSERT_NE(path, nullptr);
  const std::string text = transcript();
  std::FILE* file = std::fopen(path, "w");
  ASSERT_NE(file, nullptr);
  std::fwrite(text.data(), 1, text.size(), file);
  std::fclose(file);
}

std::string transcript_of_another_process() {
  const int file = memfd_create("transcript", 0);
  const pid_t process = fork();
  if (process == 0) {
    setenv(kOutputVariable, ("/proc/self/fd/" + std::to_string(file)).c_str(), 1);
    execl("/proc/self/exe", "determinism", "--gtest_also_run_disabled_tests",
          "--gtest_filter=Determinism.DISABLED_WritesTranscript", "--gtest_brief=1", nullptr);
    _exit(1);
  }
  int status = 0;
  waitpid(process, &status, 0);
  EXPECT_EQ(status, 0);
  std::string text(1 << 20, '\0');
  const ssize_t length = pread(file, text.data(), text.size(), 0);
  close(file);
  text.resize(length > 0 ? static_cast<std::size_t>(length) : 0);
  return text;
}

// A search's process has used it by the time that it runs a replay; a fresh one has not.
struct Letters : std::ctype<char> {
  static bool are_filled() {
    const auto& letters = static_cast<const Letters&>(std::use_facet<std::ctype<char>>(std::locale::classic()));
    return letters._M_widen_ok != 0 && letters._M_narrow_ok != 0;
  }
};
const bool were_filled = Letters::are_filled();
TEST(Determinism, TheFacetOfLettersIsFilledBeforeTheProgramBegins) { EXPECT_TRUE(were_filled); }

TEST(Determinism, AnotherProcessSeesTheSameEvents) {
  if (!addresses_are_randomised()) std::fprintf(stderr, "addresses are not randomised here: this proves less\n");
  std::istringstream here(transcript()), there(transcript_of_another_process());
  std::string line, other;
  std::size_t lines = 0;
  while (std::getline(here, line)) {
    ++lines;
    ASSERT_TRUE(std::getline(there, other)) << "the other process stopped before " << line;
    EXPECT_EQ(line, other);
  }
  EXPECT_EQ(lines, programs::all().size() * kExecutions);
}

}  // namespace
}  // namespace racecourse::runtime
