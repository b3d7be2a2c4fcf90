// Measurements and their charts: that they show what was measured, count right, and leave nothing behind. Never how
// long anything takes.
#include <gtest/gtest.h>
#include <racecourse/scenarios/cpu_or_io/ways.h>
#include <racecourse/scenarios/measure/measurement.h>
#include <racecourse/scenarios/measure/steps.h>
#include <racecourse/tests/scenarios/command.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
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

namespace cpu_or_io = racecourse::cpu_or_io;
using namespace racecourse::measure;

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

TEST(CpuOrIo, AllWaysComeToTheSameResultAndLeaveNothingBehind) {
  const std::size_t threads = threads_of_this_process();
  for (const cpu_or_io::Way way : cpu_or_io::kWays) {
    const char* const name = cpu_or_io::to_string(way);
    const cpu_or_io::Work work = [] { return cpu_or_io::count_primes(100); };
    EXPECT_EQ(cpu_or_io::run(way, work, 3), 3 * 25) << name;
    EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << name;
    EXPECT_EQ(errno, ECHILD) << "a process is left of " << name;
    EXPECT_EQ(threads_of_this_process(), threads) << name;
  }
}

TEST(CpuOrIo, AProcessThatFailsIsNoResult) {
  const cpu_or_io::Work work = []() -> long { _exit(3); };
  EXPECT_THROW(cpu_or_io::run(cpu_or_io::Way::processes, work, 2), std::runtime_error);
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
}

TEST(Measure, TheMedianOfEachWayIsShown) {
  double time = 0;
  const Measurement measurement{"counting", "Counting", [&](double scale) {
                                  const Way growing{"growing", [&, scale] { return time += scale; }};
                                  const Way fixed{"fixed", [] { return 3.0; }};
                                  return std::vector<Part>{{"part", {growing, fixed}}};
                                }};
  const std::vector<Panel> panels = measured(measurement, 2, 5);  // once to warm up, then five times
  ASSERT_EQ(panels.size(), 1u);
  ASSERT_EQ(panels[0].bars.size(), 2u);
  EXPECT_EQ(panels[0].bars[0].name, "growing");
  EXPECT_EQ(panels[0].bars[0].ms, 8);
  EXPECT_EQ(panels[0].bars[1].ms, 3);
}

TEST(Measure, ALostStepIsNoMeasurement) {
  std::atomic<long> total{0};
  const Counted counted = step_for(1, 2, [&](int) { return ++total, 1L; });
  EXPECT_EQ(counted.steps, total);
  EXPECT_GT(ms_per(10, counted, total), 0);
  EXPECT_THROW(ms_per(10, counted, total + 1), std::logic_error);
}

TEST(Program, WritesTheChart) {
  const std::string file = testing::TempDir() + "racecourse_bars.svg";
  const auto ended = racecourse::test::command("cpu_or_io --runs 1 --scale 0.01 --svg " + file);
  ASSERT_EQ(ended.exit_code, 0) << ended.output;
  std::ifstream in(file);
  const std::string chart(std::istreambuf_iterator<char>(in), {});
  std::filesystem::remove(file);
  expect_well_formed(chart);
  EXPECT_EQ(all(chart, "<(rect) class=\"bar\"").size(), 6u);
  for (const char* name : {"directly", "threads", "processes"}) EXPECT_NE(ended.output.find(name), std::string::npos);
}

// A way for each variant, each with its ratio to the fastest. What is counted wrong is no measurement, so this counts.
void expect_measured(const std::string& name, const std::vector<std::string>& variants) {
  const auto ended = racecourse::test::command(name + " --runs 1 --scale 0.1");
  ASSERT_EQ(ended.exit_code, 0) << ended.output;
  EXPECT_EQ(all(ended.output, "\n  ([a-z_]+) +[0-9.]+ ms +[0-9.]+ x  "), variants) << ended.output;
  EXPECT_NE(ended.output.find(" 1.0 x "), std::string::npos) << ended.output;
}

TEST(Program, MeasuresEveryVariantOfAScenario) {
  expect_measured("false_sharing", {"side_by_side", "padded", "relaxed"});
  expect_measured("lock_convoy", {"in_turn", "whoever_comes", "in_batches", "handed_over"});
}

TEST(Program, BadInputGetsOneSentence) {
  EXPECT_EQ(racecourse::test::command("cpu_or_io --runs 0 2>&1").exit_code, 2);
  const auto unknown = racecourse::test::command("dinner 2>&1");
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_NE(unknown.output.find("there are cpu_or_io, false_sharing, lock_convoy"), std::string::npos)
      << unknown.output;
  const auto ended = racecourse::test::command("cpu_or_io --runs 1 --scale 0.001 --svg /no/where 2>&1");
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_NE(ended.output.find("cannot write /no/where"), std::string::npos);
}

}  // namespace
