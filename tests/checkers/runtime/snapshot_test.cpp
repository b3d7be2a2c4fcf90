// Every execution starts from the state at the call of explore(), and nothing that it changes reaches the caller.
#include <gtest/gtest.h>
#include <racecourse/checkers/explore.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstring>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace racecourse {
namespace {

int initialized = 42;
int zeroed[5000];
std::string text = "global";
std::map<int, std::string> table;
std::atomic<int> counter{3};
thread_local int local_to_thread = 7;
thread_local std::array<char, 200> local_text{'t', 'l', 's'};

Options some() {
  Options options;
  options.executions = 3'000;  // several workers
  return options;
}

TEST(Snapshot, GlobalsComeBack) {
  explore(
      [] {
        ASSERT_EQ(initialized, 42);
        ASSERT_EQ(zeroed[0], 0);
        ASSERT_EQ(zeroed[4999], 0);
        ASSERT_EQ(text, "global");
        ASSERT_TRUE(table.empty());
        ASSERT_EQ(counter, 3);
        initialized = 1;
        zeroed[0] = zeroed[4999] = 1;
        text += " that got long enough to live on the heap";
        table[1] = "one";
        ++counter;
      },
      some());
  EXPECT_EQ(initialized, 42);
  EXPECT_EQ(text, "global");
  EXPECT_TRUE(table.empty());
  EXPECT_EQ(counter, 3);
}

TEST(Snapshot, CapturedVariablesComeBack) {
  int number = 5;
  std::string word = "a captured string that lives on the heap";
  auto owned = std::make_unique<int>(9);
  std::array<int, 4000> large;
  large.fill(1);
  explore(
      [&] {
        ASSERT_EQ(number, 5);
        ASSERT_EQ(word, "a captured string that lives on the heap");
        ASSERT_EQ(*owned, 9);
        ASSERT_EQ(large.front(), 1);
        ASSERT_EQ(large.back(), 1);
        number = 6;
        word = "short";
        owned = std::make_unique<int>(10);
        large.fill(2);
      },
      some());
  EXPECT_EQ(number, 5);
  EXPECT_EQ(*owned, 9);
  EXPECT_EQ(large.back(), 1);
}

TEST(Snapshot, ThreadLocalsComeBackAndAreNewInEveryThread) {
  local_to_thread = 8;
  explore(
      [] {
        ASSERT_EQ(local_to_thread, 8);
        local_to_thread = 9;
        std::thread([] {
          ASSERT_EQ(local_to_thread, 7);
          ASSERT_STREQ(local_text.data(), "tls");
          local_to_thread = 10;
          local_text.fill('x');
        }).join();
        ASSERT_EQ(local_to_thread, 9);
      },
      some());
  EXPECT_EQ(local_to_thread, 8);
  local_to_thread = 7;
}

TEST(Snapshot, FunctionStaticsAreConstructedInEveryExecution) {
  explore(
      [] {
        bool constructed = false;
        const auto construct = [&constructed] { return constructed = true; };
        static const bool once = construct();
        ASSERT_TRUE(once);
        ASSERT_TRUE(constructed);
      },
      some());
}

TEST(Snapshot, StatesOfTheStandardLibraryComeBack) {
  explore(
      [] {
        std::ostringstream stream;
        stream << 1 << ' ' << std::hex << 255;
        ASSERT_EQ(stream.str(), "1 ff");
        try {
          throw std::string("thrown");
        } catch (const std::string& caught) {
          ASSERT_EQ(caught, "thrown");
        }
        ASSERT_EQ(std::uncaught_exceptions(), 0);
      },
      some());
}

TEST(Snapshot, AHeapOfManyPagesComesBack) {
  std::vector<std::vector<char>> blocks(3000, std::vector<char>(1000, 'a'));
  Options options;
  options.executions = 20;
  explore(
      [&] {
        for (auto& block : blocks) {
          ASSERT_EQ(block.front(), 'a');
          ASSERT_EQ(block.back(), 'a');
          block.front() = 'b';
          block.back() = 'c';
        }
      },
      options);
  EXPECT_EQ(blocks[1234][0], 'a');
}

TEST(Snapshot, TheKernelWritesWhereTheBodyCould) {
  explore(
      [] {
        int ends[2];
        ASSERT_EQ(pipe(ends), 0);
        ASSERT_EQ(write(ends[1], "data", 4), 4);
        ASSERT_EQ(zeroed[100], 0);
        ASSERT_EQ(read(ends[0], &zeroed[100], 4), 4);
        ASSERT_EQ(std::memcmp(&zeroed[100], "data", 4), 0);
        close(ends[0]);
        close(ends[1]);
      },
      some());
}

}  // namespace
}  // namespace racecourse
