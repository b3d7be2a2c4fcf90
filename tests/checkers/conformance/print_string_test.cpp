// sprintf() and its kin: what they write, and the strings that they and printf() read, can race like any other access.
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "conformance.h"

namespace racecourse::conformance {
namespace {

struct Buffers {
  char left[64] = "left", right[64] = "right";
};

using Use = std::function<void(Buffers&)>;

// Two threads use the buffers in these ways: under a mutex, or under none.
std::function<void()> both(Use first, Use second, bool locked) {
  return [=] {
    const auto buffers = std::make_unique<Buffers>();
    std::mutex mutex;
    const auto use = [&](const Use& way) {
      std::unique_lock lock(mutex, std::defer_lock);
      if (locked) lock.lock();  // BUG where it is not
      way(*buffers);
    };
    std::thread a([&] { use(first); }), b([&] { use(second); });
    a.join();
    b.join();
  };
}
void ordered(const Use& first, const Use& second) { works(both(first, second, true)); }
void unordered(const Use& first, const Use& second) { is_caught(both(first, second, false), Kind::data_race); }

// Not known to the compiler: it prints "%d" and "%s" by itself.
const char* volatile kNumber = "%05d";
const char* volatile kString = "<%s>";
const char* volatile kThird = "%d %.1Lf %s";
const char* volatile kPart = "%.*s";

int print_list(char* to, const char* format, ...) {
  std::va_list list;
  va_start(list, format);
  const int length = std::vsprintf(to, format, list);
  va_end(list);
  return length;
}
int print_list(char* to, std::size_t size, const char* format, ...) {
  std::va_list list;
  va_start(list, format);
  const int length = std::vsnprintf(to, size, format, list);
  va_end(list);
  return length;
}

const auto writes_at = [](std::size_t index) { return [index](Buffers& b) { b.left[index] = 'T'; }; };

// "00042": the zero at its end is the sixth byte.
TEST(Sprintf, Works) {
  ordered([](Buffers& b) { std::sprintf(b.left, kNumber, 42); }, writes_at(5));
}
TEST(Sprintf, BrokenIsCaught) {
  unordered([](Buffers& b) { std::sprintf(b.left, kNumber, 42); }, writes_at(5));
}
TEST(SprintfOfNeighbours, Works) {
  works(both([](Buffers& b) { std::sprintf(b.left, kNumber, 42); }, writes_at(6), false));
}

TEST(Snprintf, Works) {
  ordered([](Buffers& b) { EXPECT_EQ(std::snprintf(b.left, 4, kNumber, 42), 5); }, writes_at(3));
}
TEST(Snprintf, BrokenIsCaught) {
  unordered([](Buffers& b) { std::snprintf(b.left, 4, kNumber, 42); }, writes_at(3));
}
TEST(SnprintfOfNeighbours, Works) {
  works(both([](Buffers& b) { std::snprintf(b.left, 4, kNumber, 42); }, writes_at(4), false));
}
TEST(SnprintfToNowhere, Works) {
  works([] { EXPECT_EQ(std::snprintf(nullptr, 0, kNumber, 42), 5); });
}

TEST(Vsprintf, BrokenIsCaught) {
  unordered([](Buffers& b) { print_list(b.left, kNumber, 42); }, writes_at(5));
}
TEST(Vsnprintf, BrokenIsCaught) {
  unordered([](Buffers& b) { print_list(b.left, 10, kNumber, 42); }, writes_at(5));
}

TEST(SprintfString, Works) {
  ordered([](Buffers& b) { std::sprintf(b.right, kString, b.left); }, writes_at(4));
}
TEST(SprintfString, BrokenIsCaught) {
  unordered([](Buffers& b) { std::sprintf(b.right, kString, b.left); }, writes_at(4));
}
TEST(SprintfStringAfterOthers, BrokenIsCaught) {
  unordered([](Buffers& b) { std::sprintf(b.right, kThird, 1, 2.0L, b.left); }, writes_at(0));
}

// A precision ends what is read of a string.
TEST(SprintfPartOfAString, Works) {
  works(both([](Buffers& b) { std::sprintf(b.right, kPart, 2, b.left); }, writes_at(2), false));
}
TEST(SprintfPartOfAString, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer does not see what is read of a string with a precision");
  unordered([](Buffers& b) { std::sprintf(b.right, kPart, 2, b.left); }, writes_at(1));
}

TEST(Asprintf, Works) {
  works([] {
    const auto print = [] {
      char* text = nullptr;
      EXPECT_EQ(asprintf(&text, kThird, 1, 2.0L, "three"), 11);
      EXPECT_STREQ(text, "1 2.0 three");
      std::free(text);
    };
    std::thread a(print), b(print);
    a.join();
    b.join();
  });
}
TEST(Asprintf, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer need not see both");
  unordered(
      [](Buffers& b) {
        char* text = nullptr;
        EXPECT_EQ(asprintf(&text, kString, b.left), 6);
        std::free(text);
      },
      writes_at(3));
  char* text = nullptr;
  is_caught(
      [&] {
        const auto print = [&] { EXPECT_EQ(asprintf(&text, kNumber, 42), 5); };  // BUG: one pointer for both
        std::thread a(print), b(print);
        a.join();
        b.join();
        std::free(text);
      },
      Kind::data_race, {Kind::leak});
}
// The text is of the program's heap.
TEST(AsprintfLeak, BrokenIsCaught) {
  is_caught(
      [] {
        char* text = nullptr;
        EXPECT_EQ(asprintf(&text, kNumber, 42), 5);  // BUG: nobody frees it
      },
      Kind::leak);
}

TEST(FprintfString, Works) {
  ordered([](Buffers& b) { std::fprintf(stderr, kString, b.left); }, writes_at(4));
}
TEST(FprintfString, BrokenIsCaught) {
  unordered([](Buffers& b) { std::fprintf(stderr, kString, b.left); }, writes_at(4));
}

// The library prints numbers for std::to_string() and streams by itself.
TEST(SprintfOfTheLibrary, Works) {
  works([] {
    const auto print = [] { EXPECT_EQ(std::to_string(1.5), "1.500000"); };
    std::thread a(print), b(print);
    a.join();
    b.join();
  });
}

}  // namespace
}  // namespace racecourse::conformance
