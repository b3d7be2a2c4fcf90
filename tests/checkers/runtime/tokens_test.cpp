// Random schedules as tokens: each leads to the same events in another process, under address space randomisation.
#include <gtest/gtest.h>
#include <racecourse/checkers/runtime/execution.h>
#include <racecourse/checkers/schedule/schedule.h>
#include <racecourse/checkers/schedule/strategy.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include "block.h"
#include "programs.h"

namespace racecourse::runtime {
namespace {

using programs::Program;
using schedule::Schedule;

constexpr char kVariable[] = "RACECOURSE_RANDOM_TOKENS";  // descriptors of the tokens and of the answers
constexpr std::size_t kLongestLine = std::size_t{1} << 20;

// A wish: what of it can be followed makes a schedule.
Schedule random_schedule(schedule::Random& random) {
  Schedule wish;
  for (std::uint32_t left = random.below(60); left > 0; --left)
    wish.segments.push_back({random.below(5), 1 + random.below(1 + random.below(40))});
  for (std::uint32_t ordinal = 0, left = random.below(4); left > 0; --left)
    wish.picks.push_back({ordinal += 1 + random.below(3), random.below(3)});
  return wish;
}

void replay(const Program& program, const Schedule& schedule, bool trace) {
  ReplayConfig config;
  config.trace = trace;
  run_replay(program.body, schedule, config, block());
}

// Works in a worker, which writes lines to a file.
template <class Work>
void in_worker(int file, Work work) {
  block();
  begin_search(4);
  const pid_t worker = fork();
  if (worker == 0) {
    on_worker_stack([&] {
      work([&](const std::string& line) {
        if (write(file, line.data(), line.size()) != static_cast<ssize_t>(line.size())) _exit(1);
      });
    });
    _exit(kWorkerDone);
  }
  int status = 0;
  waitpid(worker, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == kWorkerDone) << "status " << status;
}

std::string events() {
  return std::to_string(block().trace_hash) + " " + std::to_string(block().ticks) + " " +
         std::to_string(block().finding_count) + (block().deviated != 0 ? " deviated\n" : "\n");
}

std::string read_all(int file) {
  std::string text;
  std::vector<char> part(kLongestLine);
  for (ssize_t length; (length = pread(file, part.data(), part.size(), static_cast<off_t>(text.size()))) > 0;)
    text.append(part.data(), static_cast<std::size_t>(length));
  return text;
}

// In the other process: the token of each line, replayed.
TEST(RandomTokens, DISABLED_ReplaysThem) {
  const char* variable = std::getenv(kVariable);
  ASSERT_NE(variable, nullptr);
  int tokens = -1, answers = -1;
  ASSERT_EQ(std::sscanf(variable, "%d %d", &tokens, &answers), 2);
  std::istringstream lines(read_all(tokens));
  std::vector<std::string> all;
  for (std::string line; std::getline(lines, line);) all.push_back(line.substr(0, line.find(' ')));
  const auto& programs = programs::all();
  for (std::size_t p = 0; p < programs.size(); ++p) {
    in_worker(answers, [&](const auto& put) {
      for (std::size_t i = p; i < all.size(); i += programs.size()) {
        replay(programs[p], schedule::from_token(all[i]), true);
        put(events());
      }
    });
  }
}

void replay_in_another_process(int tokens, int answers) {
  const pid_t process = fork();
  if (process == 0) {
    setenv(kVariable, (std::to_string(tokens) + " " + std::to_string(answers)).c_str(), 1);
    execl("/proc/self/exe", "random_tokens", "--gtest_also_run_disabled_tests",
          "--gtest_filter=RandomTokens.DISABLED_ReplaysThem", "--gtest_brief=1", nullptr);
    _exit(1);
  }
  int status = 0;
  waitpid(process, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST(RandomTokens, LeadToTheSameEventsInAnotherProcess) {
  constexpr std::size_t kCount = 10'000;
  const int tokens = memfd_create("tokens", 0), answers = memfd_create("answers", 0);
  const auto& programs = programs::all();
  const std::size_t each = kCount / programs.size() + 1;
  std::vector<std::string> made(programs.size());
  for (std::size_t p = 0; p < programs.size(); ++p) {
    const int file = memfd_create("made", 0);
    in_worker(file, [&](const auto& put) {
      schedule::Random random(p + 1);
      for (std::size_t i = 0; i < each; ++i) {
        replay(programs[p], random_schedule(random), false);
        const Schedule schedule = recorded();
        replay(programs[p], schedule, true);
        put(schedule::to_token(schedule) + " " + events());
      }
    });
    made[p] = read_all(file);
    close(file);
  }
  // Line by line in turn, as the other process expects them.
  std::vector<std::istringstream> lines;
  for (const std::string& text : made) lines.emplace_back(text);
  std::string all;
  for (std::size_t i = 0; i < each; ++i)
    for (std::istringstream& of_program : lines) {
      std::string line;
      ASSERT_TRUE(std::getline(of_program, line));
      all += line + "\n";
    }
  ASSERT_EQ(write(tokens, all.data(), all.size()), static_cast<ssize_t>(all.size()));
  replay_in_another_process(tokens, answers);
  std::istringstream there(read_all(answers));
  for (std::size_t p = 0; p < programs.size(); ++p) {
    std::istringstream here(made[p]);
    for (std::string line, answer; std::getline(here, line);) {
      ASSERT_TRUE(std::getline(there, answer)) << "the other process stopped before " << line;
      EXPECT_EQ(line.substr(line.find(' ') + 1), answer) << programs[p].name << ": " << line.substr(0, line.find(' '));
      EXPECT_EQ(answer.find("deviated"), std::string::npos) << programs[p].name << ": " << line;
    }
  }
  close(tokens);
  close(answers);
}

}  // namespace
}  // namespace racecourse::runtime
