// The fingerprint tells two executions apart by what they did, and by nothing else.
#include <gtest/gtest.h>
#include <racecourse/checkers/report/fingerprint.h>

#include <cstdint>
#include <vector>

namespace racecourse::report {
namespace {

Event event(std::uint16_t thread, Op op, std::uint64_t address) {
  Event made{};
  made.thread = thread;
  made.op = op;
  made.address = address;
  made.size = 4;
  return made;
}

std::vector<Event> events(std::size_t count, std::uint64_t base = 0x1000) {
  std::vector<Event> made;
  for (std::size_t i = 0; i < count; i++) {
    made.push_back(event(static_cast<std::uint16_t>(i % 3), i % 2 == 0 ? Op::atomic_load : Op::atomic_store,
                         base + i * i % 7 * 8));
  }
  return made;
}

Trace trace(const std::vector<Event>& events) {
  Trace made;
  made.events = events;
  return made;
}

TEST(Fingerprint, HasAtMost32DigitsHoweverLongTheExecution) {
  for (const std::size_t count : {1u, 2u, 31u, 32u, 33u, 1000u, 100'000u}) {
    const std::string text = fingerprint(trace(events(count)));
    EXPECT_LE(text.size() - text.find(':') - 1, 32u) << count << " events: " << text;
    EXPECT_EQ(first_difference(trace(events(count)), text), std::nullopt);
  }
  EXPECT_EQ(fingerprint(Trace{}), "");
}

TEST(Fingerprint, DoesNotDependOnAddressesValuesAndPlaces) {
  std::vector<Event> moved = events(50, 0x7000'0000);
  for (Event& one : moved) one.value = one.pc = 99;
  EXPECT_EQ(fingerprint(trace(events(50))), fingerprint(trace(moved)));
}

TEST(Fingerprint, NamesWhereTheFirstDifferenceLies) {
  const std::vector<Event> original = events(30);  // one digit each
  const std::string text = fingerprint(trace(original));
  int exact = 0;
  for (std::size_t at = 0; at < original.size(); at++) {
    std::vector<Event> changed = original;
    changed[at].op = Op::atomic_rmw;
    const auto found = first_difference(trace(changed), text);
    // Each digit behind it is another chance.
    ASSERT_TRUE(found || at + 4 >= original.size()) << at;
    if (!found) continue;
    EXPECT_GE(*found, at);
    exact += *found == at;
  }
  EXPECT_GE(exact, 25);
}

TEST(Fingerprint, NoticesAnExecutionThatEndsEarlierOrLater) {
  const std::string text = fingerprint(trace(events(20)));
  EXPECT_EQ(first_difference(trace(events(19)), text), 19u);
  EXPECT_EQ(first_difference(trace(events(21)), text), 20u);
  EXPECT_EQ(first_difference(trace(events(20)), ""), std::nullopt);
}

}  // namespace
}  // namespace racecourse::report
