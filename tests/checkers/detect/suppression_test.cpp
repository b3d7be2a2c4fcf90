// Findings that are known: they do not count, and hide nothing.
#include <gtest/gtest.h>
#include <racecourse/checkers/explore.h>
#include <racecourse/checkers/suppression.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <locale>
#include <memory>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>

namespace racecourse {
namespace {

using Body = std::function<void()>;

// A file in memory, which no process leaves behind: one that confirms a finding runs no destructors.
class File {
 public:
  explicit File(const std::string& text)
      : descriptor_(memfd_create("suppressions", 0)), name_("/proc/self/fd/" + std::to_string(descriptor_)) {
    std::ofstream(name_) << text;
  }
  ~File() { close(descriptor_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  const std::string& name() const { return name_; }

 private:
  int descriptor_;
  std::string name_;
};

// ---- patterns

TEST(SuppressionPatterns, AreThoseOfThreadSanitizer) {
  EXPECT_TRUE(pattern_matches("add", "Stats::add"));
  EXPECT_TRUE(pattern_matches("^Stats", "Stats::add"));
  EXPECT_FALSE(pattern_matches("^add", "Stats::add"));
  EXPECT_TRUE(pattern_matches("add$", "Stats::add"));
  EXPECT_FALSE(pattern_matches("Stats$", "Stats::add"));
  EXPECT_TRUE(pattern_matches("^Stats::add$", "Stats::add"));
  EXPECT_FALSE(pattern_matches("^Stats::ad$", "Stats::add"));
  EXPECT_TRUE(pattern_matches("legacy/*.c", "/src/legacy/deep/old.cpp"));
  EXPECT_TRUE(pattern_matches("^*/legacy/*.c$", "/src/legacy/old.c"));
  EXPECT_FALSE(pattern_matches("^*/legacy/*.c$", "/src/legacy/old.cpp"));
  EXPECT_TRUE(pattern_matches("*a*b*", "xxaxxbxx"));
  EXPECT_FALSE(pattern_matches("a*b", "ba"));
}

// ---- the file

std::string refusal_of(const std::string& text) {
  const File file(text);
  try {
    const Suppressions suppressions(file.name());
  } catch (const std::invalid_argument& error) {
    std::string said = error.what();
    const std::size_t at = said.find(file.name());
    return at == std::string::npos ? said : said.replace(at, file.name().size(), "FILE");
  }
  return "";
}

TEST(SuppressionFile, IsRead) {
  EXPECT_EQ(
      refusal_of("# known\n\n  kind=data-race function=add reason=a guess\nfile=*.c reason=it goes away = soon\n"), "");
  const File file("kind=deadlock function=f file=g reason=why not\r\n");
  const Suppressions suppressions(file.name());
  const SuppressionFrame frame{"f", "g"}, other{"f", "h"};
  EXPECT_TRUE(suppressions.match(Kind::deadlock, {{frame}}));
  EXPECT_FALSE(suppressions.match(Kind::deadlock, {{other}}));
  EXPECT_FALSE(suppressions.match(Kind::data_race, {{frame}}));
}

TEST(SuppressionFile, NonsenseIsRefused) {
  EXPECT_EQ(refusal_of("kind=data-race function=add"),
            "racecourse: FILE:1: a suppression needs a reason; end the line with reason=...");
  EXPECT_EQ(refusal_of("\nfunction=add reason=  "),
            "racecourse: FILE:2: a suppression needs a reason; end the line with reason=...");
  EXPECT_EQ(refusal_of("kind=race function=add reason=x"),
            "racecourse: FILE:1: \"race\" is no kind of finding; checkers/KINDS.md lists them.");
  EXPECT_EQ(refusal_of("fn=add reason=x"),
            "racecourse: FILE:1: \"fn\" is unknown; a suppression has kind, function, file and reason.");
  EXPECT_EQ(refusal_of("race:add"),
            "racecourse: FILE:1: \"race:add\" is no suppression; write, for example, kind=data-race "
            "function=Stats::add reason=it is a guess.");
  EXPECT_EQ(refusal_of("reason=everything"),
            "racecourse: FILE:1: a suppression must say which findings it means; write, for example, kind=data-race "
            "function=Stats::add reason=it is a guess.");
  EXPECT_EQ(refusal_of("function= reason=x"),
            "racecourse: FILE:1: there is nothing behind \"function=\"; write, for example, kind=data-race "
            "function=Stats::add reason=it is a guess.");
}

TEST(SuppressionFile, AMissingFileIsRefused) {
  Options options;
  options.suppressions = "/nowhere/at all";
  try {
    search([] {}, options);
    FAIL() << "nothing was refused";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(),
                 "racecourse: suppressions=/nowhere/at all: the file cannot be read: No such file or directory.");
  }
}

// ---- searches

struct Stats {
  int count = 0;
  [[gnu::noinline]] void add() { ++count; }
  [[gnu::noinline]] int get() const { return count; }
};
[[gnu::noinline]] void by_hand(int& value) { ++value; }
[[gnu::noinline]] void through_library(int& value) { std::invoke(by_hand, value); }

void together(const Body& one, const Body& other) {
  std::thread first(one), second(other);
  first.join();
  second.join();
}

Verdict searched(const std::string& suppressions, const Body& body, const char* strategy = "default",
                 std::uint64_t executions = 300) {
  const File file(suppressions);
  Options options;
  options.suppressions = file.name();
  options.strategy = strategy;
  options.executions = executions;
  return search(body, options);
}

void expect_nothing(const Verdict& verdict, const char* named) {
  EXPECT_EQ(verdict.state, State::not_found) << verdict.text << (verdict.finding ? verdict.finding->report : "");
  EXPECT_NE(verdict.text.find(named), std::string::npos) << verdict.text;
}

void racing_stats() {
  Stats stats;
  together([&] { stats.add(); }, [&] { stats.add(); });
}

TEST(Suppressed, WithoutAFileItIsFound) {
  Options options;
  options.executions = 300;
  const Verdict verdict = search(racing_stats, options);
  ASSERT_EQ(verdict.state, State::failed);
  EXPECT_EQ(verdict.finding->kind, Kind::data_race);
}

TEST(Suppressed, ByFunction) {
  expect_nothing(searched("kind=data-race function=Stats::add reason=a guess", racing_stats),
                 "; suppressed: data-race in Stats::add (a guess)");
}

TEST(Suppressed, ByFile) {
  expect_nothing(searched("file=suppression_test.cpp reason=a guess", racing_stats),
                 "; suppressed: a finding in the file suppression_test.cpp (a guess)");
}

TEST(Suppressed, AnotherFunctionIsNot) {
  const Verdict verdict = searched("kind=data-race function=Stats::get reason=a guess", racing_stats);
  EXPECT_EQ(verdict.state, State::failed);
}

TEST(Suppressed, AnotherKindIsNot) {
  const Verdict verdict = searched("kind=deadlock function=Stats::add reason=a guess", racing_stats);
  EXPECT_EQ(verdict.state, State::failed);
}

// The far side alone matches: what the search itself cannot see.
TEST(Suppressed, ByTheOtherSide) {
  const Body body = [] {
    Stats stats;
    together([&] { stats.add(); }, [&] { by_hand(stats.count); });
  };
  expect_nothing(searched("function=Stats::add reason=a guess", body), "(a guess)");
}

TEST(Suppressed, ByACaller) {
  const Body body = [] {
    int value = 0;
    together([&] { through_library(value); }, [&] { through_library(value); });
  };
  expect_nothing(searched("function=through_library reason=a guess", body), "(a guess)");
}

// A schedule with a weak compare-exchange that failed for no reason shows it again only if that fails again.
TEST(Suppressed, ByACallerAfterASpuriousFailure) {
  const Body body = [] {
    std::atomic<int> tickets{0}, entered{0};
    int value = 0;
    const auto work = [&] {
      int seen = tickets.load();
      while (!tickets.compare_exchange_weak(seen, seen + 1)) {
      }
      if (entered.load(std::memory_order_relaxed) == 0) through_library(value);
      entered.fetch_add(1);
    };
    together(work, work);
  };
  for (const char* strategy : {"default", "uniform"})
    expect_nothing(searched("function=through_library reason=a guess", body, strategy, 2000), "(a guess)");
}

// Races in Stats::add() and in by_hand().
void race_twice() {
  Stats stats;
  int other = 0;
  const auto both = [&] {
    stats.add();
    by_hand(other);
  };
  together(both, both);
}

TEST(Suppressed, HidesNoOtherRace) {
  const Verdict verdict = searched("function=Stats::add reason=a guess", race_twice);
  ASSERT_EQ(verdict.state, State::failed) << verdict.text;
  EXPECT_EQ(verdict.finding->kind, Kind::data_race);
  EXPECT_EQ(verdict.finding->message.find("count"), std::string::npos) << verdict.finding->message;
  EXPECT_EQ(verdict.finding->report.find("Stats::add"), std::string::npos) << verdict.finding->report;
  EXPECT_NE(verdict.text.find("; suppressed: "), std::string::npos) << verdict.text;
}

// More of them than an execution has room for findings.
template <int N>
[[gnu::noinline]] void old_code(int* values) {
  ++values[N];
  if constexpr (N > 0) old_code<N - 1>(values);
}

TEST(Suppressed, ManyHideNothing) {
  const Body body = [] {
    int values[24] = {};
    int other = 0;
    const auto all = [&] {
      old_code<23>(values);
      by_hand(other);
    };
    together(all, all);
  };
  expect_nothing(searched("function=old_code reason=known\nfunction=by_hand reason=known, too", body), "(known)");
  const Verdict verdict = searched("function=old_code reason=known", body);
  ASSERT_EQ(verdict.state, State::failed) << verdict.text;
  EXPECT_NE(verdict.finding->report.find("by_hand"), std::string::npos) << verdict.finding->report;
}

TEST(Suppressed, WhatFollowsIsFound) {
  const Body body = [] {
    Stats stats;
    together([&] { stats.add(); }, [&] { stats.add(); });
    EXPECT_EQ(stats.get(), 2);
  };
  const Verdict verdict = searched("kind=data-race function=Stats reason=a guess", body, "default", 3'000);
  ASSERT_EQ(verdict.state, State::failed) << verdict.text;
  EXPECT_EQ(verdict.finding->kind, Kind::assertion);
  EXPECT_TRUE(verdict.finding->also.empty());
}

TEST(Suppressed, AFirstRaceDoesNotEndTheExecution) {
  const File file("function=Stats::add reason=a guess");
  Options options;
  options.suppressions = file.name();
  options.stop_at_race = true;
  options.executions = 300;
  const Verdict verdict = search(race_twice, options);
  ASSERT_EQ(verdict.state, State::failed) << verdict.text;
  EXPECT_NE(verdict.finding->report.find("by_hand"), std::string::npos) << verdict.finding->report;
}

TEST(Suppressed, ADeadlock) {
  const Body body = [] {
    std::mutex left, right;
    const auto both = [](std::mutex& first, std::mutex& second) {
      const std::lock_guard one(first);
      const std::lock_guard two(second);
    };
    together([&] { both(left, right); }, [&] { both(right, left); });
  };
  Options options;
  options.executions = 300;
  EXPECT_EQ(search(body, options).state, State::failed);
  expect_nothing(searched("function=ADeadlock reason=never seen in the field", body), "(never seen in the field)");
}

TEST(Suppressed, AnExhaustiveSearchGoesOn) {
  const Verdict verdict = searched("function=Stats::add reason=a guess", racing_stats, "exhaustive");
  EXPECT_EQ(verdict.state, State::proved) << verdict.text;
  EXPECT_NE(verdict.text.find("; suppressed: "), std::string::npos) << verdict.text;
}

TEST(Suppressed, WorkersCountAlike) {
  std::string texts[2];
  for (const int workers : {1, 3}) {
    const File file("function=Stats::add reason=a guess");
    Options options;
    options.suppressions = file.name();
    options.executions = 2'000;
    options.workers = workers;
    texts[workers == 3] = search(racing_stats, options).text;
  }
  EXPECT_EQ(texts[0], texts[1]);
}

// ---- those that come with the library

TEST(ShippedSuppressions, AtomicSharedPtrIsRight) {
  Options options;
  options.executions = 500;
  const Verdict verdict = search(
      [] {
        std::atomic<std::shared_ptr<int>> value{std::make_shared<int>(0)};
        const auto add = [&] {
          auto seen = value.load();
          while (!value.compare_exchange_weak(seen, std::make_shared<int>(*seen + 1))) {
          }
        };
        together(add, add);
        EXPECT_EQ(*value.load(), 2);
      },
      options);
  EXPECT_EQ(verdict.state, State::not_found) << verdict.text << (verdict.finding ? verdict.finding->report : "");
#if defined(_GLIBCXX_RELEASE) && _GLIBCXX_RELEASE == 12
  EXPECT_NE(verdict.text.find("std::atomic<std::shared_ptr> of libstdc++ 12"), std::string::npos) << verdict.text;
#endif
}

TEST(ShippedSuppressions, WhatItPointsToStillRaces) {
  Options options;
  options.executions = 500;
  const Verdict verdict = search(
      [] {
        std::atomic<std::shared_ptr<int>> value{std::make_shared<int>(0)};
        const auto add = [&] { ++*value.load(); };
        together(add, add);
      },
      options);
  ASSERT_EQ(verdict.state, State::failed) << verdict.text;
  EXPECT_EQ(verdict.finding->kind, Kind::data_race);
  EXPECT_EQ(verdict.finding->report.find("_Sp_atomic::"), std::string::npos) << verdict.finding->report;
}

// A facet of the program's own: that of the library is filled before it begins.
using Letters = std::ctype<char>;
void narrow_into(char& result, const Letters& letters) { result = letters.narrow('{', '?'); }

TEST(ShippedSuppressions, AFacetMayBeSharedByTwoThreads) {
  Options options;
  options.executions = 100;
  const Verdict verdict = search(
      [] {
        const std::locale locale(std::locale::classic(), new Letters);
        const auto& letters = std::use_facet<Letters>(locale);
        char one = 0, other = 0;
        together([&] { narrow_into(one, letters); }, [&] { narrow_into(other, letters); });
        EXPECT_EQ(one, other);
      },
      options);
  EXPECT_FALSE(verdict.finding) << verdict.finding->report;
  EXPECT_NE(verdict.text.find("what it has narrowed"), std::string::npos) << verdict.text;
}

TEST(ShippedSuppressions, WhatOneMakesOfItStillRaces) {
  Options options;
  options.executions = 100;
  const Verdict verdict = search(
      [] {
        const auto& letters = std::use_facet<Letters>(std::locale::classic());
        char result = 0;
        together([&] { narrow_into(result, letters); }, [&] { narrow_into(result, letters); });
      },
      options);
  ASSERT_TRUE(verdict.finding) << verdict.text;
  EXPECT_EQ(verdict.finding->kind, Kind::data_race);
  EXPECT_NE(verdict.finding->message.find("result"), std::string::npos) << verdict.finding->message;
}

// ---- unused ones

// What a process says at its end that searched with this file.
std::string said_by(const std::string& suppressions) {
  int pipes[2];
  if (pipe(pipes) != 0) return "no pipe";
  std::fflush(nullptr);
  const pid_t process = fork();
  if (process == 0) {
    dup2(pipes[1], 2);
    searched(suppressions, racing_stats);
    searched(suppressions, racing_stats);
    std::exit(0);
  }
  close(pipes[1]);
  std::string text;
  char part[4096];
  for (ssize_t length; (length = read(pipes[0], part, sizeof part)) > 0;)
    text.append(part, static_cast<size_t>(length));
  close(pipes[0]);
  waitpid(process, nullptr, 0);
  return text;
}

TEST(UnusedSuppressions, AreTold) {
  const std::string said = said_by("function=Stats::add reason=a guess\nfunction=nowhere reason=it was here once");
  EXPECT_NE(said.find(":2: this suppression was not used: a finding in nowhere (it was here once)"), std::string::npos)
      << said;
  EXPECT_EQ(said.find("Stats::add"), std::string::npos) << said;
}

}  // namespace
}  // namespace racecourse
