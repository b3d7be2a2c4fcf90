// What the operators make of a few lines of our style, and that what is said of equivalent mutants is about mutants.
#include <gtest/gtest.h>
#include <racecourse/tests/mutants/equivalent.h>
#include <racecourse/tests/mutants/operators.h>

#include <cstdio>
#include <fstream>
#include <stdexcept>

namespace racecourse::mutants {
namespace {

using Lines = std::vector<std::string>;

std::vector<std::string> names(const Lines& source) {
  std::vector<std::string> all;
  for (const Mutant& mutant : mutants_of(source)) all.push_back(mutant.name());
  return all;
}

TEST(Operators, WeakenEachOrderByItself) {
  EXPECT_EQ(
      names({"    x_.compare_exchange_strong(a, b, std::memory_order_acq_rel, std::memory_order_acquire);"}).size(),
      3u);
  EXPECT_EQ(names({"    return x_.load(std::memory_order_seq_cst);"}),
            Lines{"weaken-order: return x_.load(std::memory_order_seq_cst);  ->  return "
                  "x_.load(std::memory_order_relaxed);"});
  EXPECT_TRUE(
      names({"    return x_.load(std::memory_order_relaxed);", "    // memory_order_acquire is not needed"}).empty());
}

TEST(Operators, DropLocks) {
  EXPECT_EQ(names({"    std::lock_guard guard(mutex_);"}), Lines{"drop-lock: std::lock_guard guard(mutex_);"});
  EXPECT_EQ(names({"    std::unique_lock lock(mutex_);"}),
            Lines{"drop-lock: std::unique_lock lock(mutex_);  ->  std::unique_lock lock(mutex_, std::defer_lock);"});
  EXPECT_EQ(names({"    mutex_.lock();"}), Lines{"drop-lock: mutex_.lock();"});
}

TEST(Operators, LookOnlyOnceBeforeAWait) {
  EXPECT_EQ(
      names({"    while (count_ == 0) available_.wait(lock);"}),
      Lines{"while-to-if: while (count_ == 0) available_.wait(lock);  ->  if (count_ == 0) available_.wait(lock);"});
  EXPECT_EQ(names({"    while (taken()) {", "      sync::pause();", "    }"}).size(), 1u);
  EXPECT_TRUE(names({"    while (next != end) {", "      next++;", "    }", "    sync::pause();"}).empty());
  EXPECT_EQ(names({"    raised_.wait(lock, [this] { return set_; });"}),
            Lines{"while-to-if: raised_.wait(lock, [this] { return set_; });  ->  if (!([this] { return set_; })()) "
                  "raised_.wait(lock);"});
}

TEST(Operators, SwapStatementsThatStandTogether) {
  EXPECT_EQ(names({"    count_ = 0;", "    // so that", "    owner_ = nobody;"}),
            Lines{"swap: owner_ = nobody;  ->  before count_ = 0;"});
  EXPECT_TRUE(names({"    int count = 0;", "    return count;"}).empty());
  EXPECT_TRUE(names({"    count_ = 0;", "  }", "    owner_ = nobody;"}).empty());
  EXPECT_TRUE(names({"  std::mutex mutex_;", "  int count_ = 0;"}).empty());
}

TEST(Operators, ChangeWakeups) {
  EXPECT_EQ(names({"  void request() {", "    int before = count_++;", "    if (before > 0) count_ = 0;",
                   "    changed_.notify_all();"}),
            (Lines{"drop-notify: changed_.notify_all();",
                   "move-notify: changed_.notify_all();  ->  before int before = "
                   "count_++;",
                   "notify-one: changed_.notify_all();  ->  changed_.notify_one();"}));
  EXPECT_EQ(names({"    if (last) changed_.notify_one();"}), Lines{"drop-notify: if (last) changed_.notify_one();"});
}

TEST(Operators, TellThoseApartThatLookTheSame) {
  EXPECT_EQ(names({"    mutex_.lock();", "  }", "    mutex_.lock();"}),
            (Lines{"drop-lock: mutex_.lock();", "drop-lock: mutex_.lock(); #2"}));
}

TEST(Operators, AMutantIsTheSourceWithOneLineChanged) {
  const std::vector<Mutant> mutants =
      mutants_of({"  void f() {", "    a_ = 1;", "    b_ = 2;", "    c_.notify_one();"});
  ASSERT_EQ(mutants.size(), 4u);
  EXPECT_EQ(mutants[0].source, (Lines{"  void f() {", "    b_ = 2;", "    a_ = 1;", "    c_.notify_one();"}));
  EXPECT_EQ(mutants[1].source, (Lines{"  void f() {", "    a_ = 1;", "    c_.notify_one();", "    b_ = 2;"}));
  EXPECT_EQ(mutants[3].source, (Lines{"  void f() {", "    c_.notify_one();", "    a_ = 1;", "    b_ = 2;"}));
}

TEST(Equivalents, AreReasonedAndAboutMutants) {
  for (const Equivalent& each : read_equivalents(RACECOURSE_SOURCES "/tests/mutants/equivalent.txt")) {
    std::ifstream file(std::string(RACECOURSE_SOURCES "/") + each.file);
    ASSERT_TRUE(file) << each.file;
    Lines lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    const std::vector<std::string> all = names(lines);
    EXPECT_EQ(std::count(all.begin(), all.end(), each.mutant), 1) << each.file << " | " << each.mutant;
  }
}

TEST(Equivalents, BadLinesAreRefused) {
  const std::string path = testing::TempDir() + "/equivalent.txt";
  std::ofstream(path) << "# a comment\nprimitives/lock/ttas.h | drop-lock: mutex_.lock();\n";
  EXPECT_THROW(read_equivalents(path), std::runtime_error);
  std::remove(path.c_str());
  EXPECT_THROW(read_equivalents(path), std::runtime_error);
}

}  // namespace
}  // namespace racecourse::mutants
