#include <gtest/gtest.h>
#include <racecourse/checkers/report/stacks.h>

#include <map>
#include <string>
#include <vector>

namespace racecourse::report {
namespace {

// Addresses with a place each.
class MappedSymbols final : public Symbols {
 public:
  std::map<std::uint64_t, std::vector<Place>> places;
  void put(std::uint64_t pc, std::vector<Place> at) { places[pc - 1] = std::move(at); }

  const std::vector<Place>& code(std::uint64_t address) override { return places[address]; }
  std::optional<DataSymbol> data(std::uint64_t) override { return std::nullopt; }
  const std::string* source_line(const std::string&, int) override { return nullptr; }
  ValueType variable_type(std::uint64_t, std::string_view, std::uint8_t) override { return {}; }
};

Place place(std::string function, std::string file, int line) {
  Place result;
  result.function = std::move(function);
  result.file = std::move(file);
  result.line = line;
  return result;
}

struct StacksTest : testing::Test {
  StacksTest() {
    symbols.put(10, {place("std::mutex::lock", "/usr/include/c++/12/bits/std_mutex.h", 100)});
    symbols.put(20, {place("std::lock_guard", "/usr/bin/../lib/gcc/x/12/../../../../include/c++/12/mutex", 229),
                     place("Queue::push", "/src/queue.h", 33)});
    symbols.put(30, {place("main::{lambda}", "/src/main.cpp", 7)});
    Place library;
    library.function = "std::thread::join";
    library.module = "/usr/lib/x86_64-linux-gnu/libstdc++.so.6";
    symbols.put(40, {library});
    symbols.put(50, {place("racecourse::runtime::run_body", "/x/checkers/runtime/fiber.cpp", 98)});
    frames = {Frame{}, Frame{50, 0, 0}, Frame{30, 1, 1}, Frame{20, 2, 2}};
    trace.frames = frames;
  }
  MappedSymbols symbols;
  std::vector<Frame> frames;
  Trace trace;
};

TEST_F(StacksTest, TheUsersLineIsBelowTheLibrary) {
  Stacks stacks(trace, symbols);
  const UserPlace& user = stacks.user(10, 3);
  ASSERT_NE(user.place, nullptr);
  EXPECT_EQ(user.place->line, 33);
  EXPECT_TRUE(user.in_library);
  EXPECT_EQ(user.callee, "std::lock_guard");
}

TEST_F(StacksTest, OwnCodeIsNotInTheLibrary) {
  Stacks stacks(trace, symbols);
  const UserPlace& user = stacks.user(30, 1);
  ASSERT_NE(user.place, nullptr);
  EXPECT_EQ(user.place->line, 7);
  EXPECT_FALSE(user.in_library);
}

TEST_F(StacksTest, SharedLibrariesAreSkippedToo) {
  Stacks stacks(trace, symbols);
  const UserPlace& user = stacks.user(40, 2);
  ASSERT_NE(user.place, nullptr);
  EXPECT_EQ(user.place->line, 7);
}

TEST_F(StacksTest, OnlyTheUsersFunctionsAreShown) {
  Stacks stacks(trace, symbols);
  const std::vector<Place> shown = stacks.frames(10, 3);
  ASSERT_EQ(shown.size(), 2u);
  EXPECT_EQ(shown[0].function, "Queue::push");
  EXPECT_EQ(shown[1].function, "main::{lambda}");
}

TEST_F(StacksTest, UnknownAddressesHaveNoPlace) {
  Stacks stacks(trace, symbols);
  EXPECT_EQ(stacks.user(0, 0).place, nullptr);
  EXPECT_EQ(stacks.user(77, 0).place, nullptr);
  EXPECT_EQ(stacks.user(50, 0).place, nullptr);
  EXPECT_EQ(stacks.user(10, 1000).place, nullptr);  // a frame that was not recorded
}

}  // namespace
}  // namespace racecourse::report
