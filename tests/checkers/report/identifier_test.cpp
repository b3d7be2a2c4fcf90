// The columns below are those that g++ 12 and clang++ 14 emit.
#include <gtest/gtest.h>
#include <racecourse/checkers/report/identifier.h>

#include <string>
#include <string_view>

namespace racecourse::report {
namespace {

// `marked` is a line with a '^' in front of the character that the compiler notes.
struct Marked {
  explicit Marked(std::string_view marked) : line(marked) {
    const std::size_t mark = line.find('^');
    line.erase(mark, 1);
    column = static_cast<int>(mark) + 1;
  }
  std::string line;
  int column;
};

std::string read_of(std::string_view marked) {
  const Marked m(marked);
  return accessed_name(m.line, m.column, false);
}
std::string write_of(std::string_view marked) {
  const Marked m(marked);
  return accessed_name(m.line, m.column, true);
}
std::string call_on(std::string_view marked, Op op = Op::mutex_lock) {
  const Marked m(marked);
  return called_object(m.line, m.column, op);
}

TEST(Identifier, PlainAccesses) {
  EXPECT_EQ(read_of("  if (^balance_ < amount) return false;"), "balance_");
  EXPECT_EQ(write_of("  balance_ ^-= amount;"), "balance_");
  EXPECT_EQ(write_of("  account->balance_ ^= 3;"), "balance_");
  EXPECT_EQ(read_of("  int copy = node->^value;"), "value");
  EXPECT_EQ(read_of("  int ^copy = node->value;"), "value");
  EXPECT_EQ(write_of("  int ^copy = 0;"), "copy");
  EXPECT_EQ(write_of("  count^++;"), "count");
  EXPECT_EQ(write_of("  ^++count;"), "count");
  EXPECT_EQ(write_of("  ^++stats.count;"), "count");
  EXPECT_EQ(read_of("  hits[2^] += 1;"), "hits");
  EXPECT_EQ(write_of("  hits[i] ^+= 1;"), "hits");
  EXPECT_EQ(write_of("  *flag ^= true;"), "flag");
  EXPECT_EQ(read_of("  ready_.wait(lock, [this] { return ^head_ != nullptr; });"), "head_");
}

TEST(Identifier, CallsOfTheLibrary) {
  EXPECT_EQ(call_on("  queue.mutex_.lock^();"), "mutex_");  // gcc
  EXPECT_EQ(call_on("  queue.mutex_.^lock();"), "mutex_");  // clang
  EXPECT_EQ(call_on("  std::lock_guard lock(mutex_^);"), "mutex_");
  EXPECT_EQ(call_on("  std::lock_guard ^lock(mutex_);"), "mutex_");
  EXPECT_EQ(call_on("  std::unique_lock<std::mutex> lock(from.mutex_, std::defer_lock^);"), "mutex_");
  EXPECT_EQ(call_on("  std::lock_guard<std::mutex> ^lock{mutex_};"), "mutex_");
  EXPECT_EQ(call_on("  size_.fetch_add^(1);", Op::atomic_rmw), "size_");
  EXPECT_EQ(call_on("  ^++size_;", Op::atomic_rmw), "size_");
  EXPECT_EQ(call_on("  stop ^= true;", Op::atomic_store), "stop");
  EXPECT_EQ(call_on("  while (!stop.^load()) {}", Op::atomic_load), "stop");
  EXPECT_EQ(call_on("  items[1^] = 3;", Op::write), "items");
  EXPECT_EQ(call_on("  pthread_mutex_lock^(&mutex_);"), "mutex_");
  EXPECT_EQ(call_on("  pthread_cond_wait^(&ready_, &mutex_);", Op::cond_wait), "ready_");
  EXPECT_EQ(call_on("  pthread_cond_wait^(&ready_, &mutex_);", Op::mutex_unlock), "mutex_");
  EXPECT_EQ(call_on("  ready_.wait^(lock);", Op::cond_wait), "ready_");
}

TEST(Identifier, UnclearTextHasNoName) {
  EXPECT_EQ(call_on("  std::scoped_lock both(a, b^);"), "");
  EXPECT_EQ(call_on("  ready_.wait^(lock);", Op::mutex_unlock), "");
  EXPECT_EQ(call_on("  ^}"), "");
  EXPECT_EQ(read_of("  ^f(x);"), "");
  EXPECT_EQ(read_of("  ^return x;"), "");
  EXPECT_EQ(accessed_name("short", 99, false), "");
  EXPECT_EQ(accessed_name("", 0, false), "");
}

TEST(Identifier, Conditions) {
  EXPECT_EQ(condition_around("  if (balance_ < amount) return false;", 7), "balance_ < amount");
  EXPECT_EQ(condition_around("  } while (!done(a, b));", 14), "!done(a, b)");
  EXPECT_EQ(condition_around("  if (a) b = c;", 10), "");
  EXPECT_EQ(condition_around("  notif(a);", 9), "");
}

TEST(Identifier, SurvivesAnyColumnOfOddText) {
  const std::string line = ")]}>(({[<x->.,;::** if( while(( \"a(b\" operator()(a)[b]{c}";
  for (int column = 0; column <= static_cast<int>(line.size()) + 1; ++column) {
    for (const Op op : {Op::read, Op::mutex_lock, Op::atomic_rmw}) {
      called_object(line, column, op);
      accessed_name(line, column, op == Op::atomic_rmw);
      condition_around(line, column);
    }
  }
}

}  // namespace
}  // namespace racecourse::report
