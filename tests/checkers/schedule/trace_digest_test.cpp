// Digests of executions in the small: equal where only the order of independent effects differs, else different.
#include <gtest/gtest.h>
#include <racecourse/checkers/schedule/trace_digest.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <vector>

namespace racecourse::schedule {
namespace {

struct Did {
  int thread;
  Effect effect;
};
Effect read(std::uint64_t object, std::uint8_t bytes = 0xff) { return {object, bytes, Touch::read}; }
Effect write(std::uint64_t object, std::uint8_t bytes = 0xff) { return {object, bytes, Touch::write}; }
Effect add(std::uint64_t object) { return {object, 0xff, Touch::add}; }

class Digests : public testing::Test {
 protected:
  void begin() {
    digest_.begin();
    for (const int thread : {1, 2, 3}) digest_.started(thread, 0);
  }
  // Of threads 1, 2 and 3.
  std::uint64_t of(const std::vector<Did>& execution) {
    begin();
    for (const Did& did : execution) digest_.touch(did.thread, did.effect, 0, false);
    return digest_.value();
  }

  TraceDigest digest_;
};

TEST_F(Digests, DoNotSeeTheOrderOfIndependentEffects) {
  EXPECT_EQ(of({{1, write(1)}, {2, write(2)}}), of({{2, write(2)}, {1, write(1)}}));
  EXPECT_EQ(of({{1, read(1)}, {2, read(1)}, {3, write(1)}}), of({{2, read(1)}, {1, read(1)}, {3, write(1)}}));
  EXPECT_EQ(of({{1, write(1, 0x0f)}, {2, write(1, 0xf0)}}), of({{2, write(1, 0xf0)}, {1, write(1, 0x0f)}}));
  EXPECT_EQ(of({{1, add(1)}, {2, add(1)}, {3, read(1)}}), of({{2, add(1)}, {1, add(1)}, {3, read(1)}}));
}

TEST_F(Digests, SeeTheOrderOfAllOthers) {
  EXPECT_NE(of({{1, write(1)}, {2, write(1)}}), of({{2, write(1)}, {1, write(1)}}));
  EXPECT_NE(of({{1, write(1)}, {2, read(1)}}), of({{2, read(1)}, {1, write(1)}}));
  EXPECT_NE(of({{1, write(1, 0x0f)}, {2, read(1)}}), of({{2, read(1)}, {1, write(1, 0x0f)}}));
  EXPECT_NE(of({{1, write(1, 0xf0)}, {2, read(1)}}), of({{2, read(1)}, {1, write(1, 0xf0)}}));
  EXPECT_NE(of({{1, add(1)}, {3, read(1)}, {2, add(1)}}), of({{2, add(1)}, {3, read(1)}, {1, add(1)}}));
}

// All orders of two increments each by three threads, of one object: as many digests as orders.
TEST_F(Digests, OfAllOrders) {
  std::vector<int> order = {1, 1, 2, 2, 3, 3};
  std::set<std::uint64_t> seen;
  do {
    std::vector<Did> execution;
    for (const int thread : order) execution.push_back({thread, write(7)});
    seen.insert(of(execution));
  } while (std::ranges::next_permutation(order).found);
  EXPECT_EQ(seen.size(), 90u);
}

TEST_F(Digests, KnowThreadsByWhoStartedThem) {
  const auto two = [&](int first, int second) {
    begin();
    digest_.started(first, 1);
    digest_.started(second, 2);
    digest_.touch(first, write(1), 0, false);
    digest_.touch(second, read(1), 0, false);
    return digest_.value();
  };
  EXPECT_EQ(two(4, 5), two(5, 4));
}

TEST_F(Digests, DoNotDependOnAddresses) {
  EXPECT_EQ(of({{1, write(1)}, {2, read(1)}, {2, read(2)}}), of({{1, write(9)}, {2, read(9)}, {2, read(4)}}));
}

TEST_F(Digests, SeeAnswers) {
  const auto answered = [&](std::uint32_t value) {
    begin();
    digest_.answer(1, value);
    return digest_.value();
  };
  EXPECT_NE(answered(0), answered(1));
}

TEST_F(Digests, TakeTheTurnsOfASpinForOne) {
  const auto spinning = [&](int turns) {
    begin();
    for (int i = 0; i < turns; ++i) digest_.touch(1, read(1), 0, true);
    digest_.touch(2, write(1), 0, false);
    digest_.touch(1, read(1), 0, true);
    return digest_.value();
  };
  EXPECT_EQ(spinning(1), spinning(5));
  EXPECT_NE(spinning(0), spinning(1));
}

TEST_F(Digests, ForgetMemoryThatIsUsedAgain) {
  const auto read_after = [&](std::uint64_t size) {
    begin();
    digest_.touch(1, write(8), 0, false);
    digest_.forget(64, size);
    digest_.touch(2, read(8), 0, false);
    return digest_.value();
  };
  EXPECT_EQ(read_after(8), read_after(std::uint64_t{1} << 30));
  EXPECT_EQ(read_after(8), of({{2, read(8)}, {1, write(8)}}));
  EXPECT_NE(read_after(0), read_after(8));
}

TEST_F(Digests, SayWhereAReadCameFrom) {
  begin();
  EXPECT_EQ(digest_.touch(1, write(1, 0x0f), 77, false), 0u);
  EXPECT_EQ(digest_.touch(2, read(1, 0x0f), 88, false), 77u);
  EXPECT_EQ(digest_.touch(2, read(1, 0xf0), 88, false), 0u);
}

TEST_F(Digests, SayWhenThereWereTooManyObjects) {
  begin();
  for (std::uint64_t object = 1; object < 24'000; ++object) digest_.touch(1, write(object), 0, false);
  EXPECT_TRUE(digest_.is_complete());
  for (std::uint64_t object = 24'000; object < 40'000; ++object) digest_.touch(1, write(object), 0, false);
  EXPECT_FALSE(digest_.is_complete());
  begin();
  EXPECT_TRUE(digest_.is_complete());
}

}  // namespace
}  // namespace racecourse::schedule
