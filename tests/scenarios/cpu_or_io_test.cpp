// The chart of waiting and computing: that it shows what it was given, and that nothing is left behind. Never how long
// anything takes.
#include <gtest/gtest.h>
#include <racecourse/scenarios/cpu_or_io/bars.h>
#include <racecourse/scenarios/cpu_or_io/measure.h>
#include <racecourse/tests/scenarios/command.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace racecourse::cpu_or_io;

std::vector<std::string> all(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  std::vector<std::string> found;
  for (std::sregex_iterator match(text.begin(), text.end(), regex), end; match != end; ++match) {
    found.push_back((*match)[1]);
  }
  return found;
}

const std::vector<Panel> kPanels = {{"waiting", {{"directly", 800}, {"threads", 100}, {"processes", 0}}},
                                    {"computing", {{"directly", 40}, {"threads", 20}, {"processes", 25}}}};

TEST(Bars, EveryBarIsAsLongAsItsTime) {
  const std::vector<std::string> widths = all(svg("title", kPanels), "class=\"bar\"[^>]* width=\"([0-9]+)\"");
  ASSERT_EQ(widths.size(), 6u);
  const auto width = [&](std::size_t i) { return std::stod(widths[i]); };
  EXPECT_NEAR(width(1), width(0) / 8, 1);
  EXPECT_EQ(width(2), 0);
  EXPECT_NEAR(width(4), width(3) / 2, 1);
  EXPECT_EQ(width(0), width(3)) << "each panel has a scale of its own";
}

TEST(Bars, EveryBarSaysWhatItIs) {
  const std::string chart = svg("title", kPanels);
  EXPECT_EQ(all(chart, "<title>([^<]*)</title></rect>"),
            (std::vector<std::string>{"waiting, directly: 800.0 ms", "waiting, threads: 100.0 ms",
                                      "waiting, processes: 0.0 ms", "computing, directly: 40.0 ms",
                                      "computing, threads: 20.0 ms", "computing, processes: 25.0 ms"}));
}

// Every element that is opened is closed, in the right order.
void expect_well_formed(const std::string& chart) {
  std::vector<std::string> open;
  const std::regex tag("<(/?)([a-z]+)[^>]*?(/?)>");
  for (std::sregex_iterator match(chart.begin(), chart.end(), tag), end; match != end; ++match) {
    if ((*match)[1].length() > 0) {
      ASSERT_FALSE(open.empty());
      ASSERT_EQ(open.back(), (*match)[2]);
      open.pop_back();
    } else if ((*match)[3].length() == 0) {
      open.push_back((*match)[2]);
    }
  }
  EXPECT_TRUE(open.empty());
}

TEST(Bars, IsWellFormed) {
  expect_well_formed(svg("title", kPanels));
  expect_well_formed(svg("no panels", {}));
  expect_well_formed(svg("no bars", {{"empty", {}}}));
}

TEST(Bars, NamesMayHoldAnything) {
  const std::string chart = svg("a < b & \"c\"", {{"<script>", {{"x>y", 1}}}});
  expect_well_formed(chart);
  EXPECT_EQ(chart.find("<script>"), std::string::npos);
  EXPECT_NE(chart.find("a &lt; b &amp; &quot;c&quot;"), std::string::npos);
}

TEST(Bars, InATerminalTheLongestIsFiftyColumns) {
  const std::string chart = text("title", kPanels);
  EXPECT_NE(chart.find(std::string(50, '#') + "\n"), std::string::npos);
  EXPECT_EQ(chart.find(std::string(51, '#')), std::string::npos);
}

std::size_t threads_of_this_process() {
  const std::filesystem::directory_iterator threads("/proc/self/task");
  return static_cast<std::size_t>(std::distance(begin(threads), end(threads)));
}

TEST(Measure, AllWaysComeToTheSameResultAndLeaveNothingBehind) {
  const std::size_t threads = threads_of_this_process();
  for (const Way way : kWays) {
    EXPECT_EQ(run(
                  way, [] { return count_primes(100); }, 3),
              3 * 25)
        << to_string(way);
    EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << to_string(way);
    EXPECT_EQ(errno, ECHILD) << "a process is left of " << to_string(way);
    EXPECT_EQ(threads_of_this_process(), threads) << to_string(way);
  }
}

TEST(Measure, AProcessThatFailsIsNoResult) {
  EXPECT_THROW(run(
                   Way::processes, []() -> long { _exit(3); }, 2),
               std::runtime_error);
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
}

TEST(Measure, RunsThatDisagreeAreNoMeasurement) {
  long calls = 0;
  EXPECT_THROW(median_ms(
                   Way::directly, [&] { return ++calls; }, 1, 3),
               std::logic_error);
}

TEST(Program, WritesTheChart) {
  const std::string file = testing::TempDir() + "racecourse_bars.svg";
  const auto ended = racecourse::test::command("--tasks 2 --runs 1 --answer-ms 1 --primes-below 100 --svg " + file);
  ASSERT_EQ(ended.exit_code, 0) << ended.output;
  std::ifstream in(file);
  const std::string chart(std::istreambuf_iterator<char>(in), {});
  std::filesystem::remove(file);
  expect_well_formed(chart);
  EXPECT_EQ(all(chart, "<(rect) class=\"bar\"").size(), 6u);
  for (const char* name : {"directly", "threads", "processes"}) EXPECT_NE(ended.output.find(name), std::string::npos);
}

TEST(Program, BadInputGetsOneSentence) {
  EXPECT_EQ(racecourse::test::command("--tasks 0 2>&1").exit_code, 2);
  const auto ended =
      racecourse::test::command("--tasks 1 --runs 1 --answer-ms 0 --primes-below 0 --svg /no/where 2>&1");
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_NE(ended.output.find("cannot write /no/where"), std::string::npos);
}

}  // namespace
