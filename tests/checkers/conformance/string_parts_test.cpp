// Functions that look for letters in strings, cut strings up, or compare without regard to case; and qsort(). What they
// read and write can race like any other access.
#include <strings.h>

#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "conformance.h"

namespace racecourse::conformance {
namespace {

struct Buffers {
  char text[32] = "one two,three";
  char other[32] = "ONE tWO, ";
  char* rest = nullptr;
  int numbers[8] = {3, 1, 2, 7, 5, 6, 4, 0};
};

using Use = std::function<void(Buffers&)>;

// One thread uses the buffers in this way, another writes to a byte of the text.
std::function<void()> beside(Use use, std::size_t byte, bool locked) {
  return [=] {
    const auto buffers = std::make_unique<Buffers>();
    std::mutex mutex;
    const auto run = [&](const Use& way) {
      std::unique_lock lock(mutex, std::defer_lock);
      if (locked) lock.lock();  // BUG where it is not
      way(*buffers);
    };
    std::thread a([&] { run(use); });
    std::thread b([&] { run([byte](Buffers& all) { all.text[byte] = 'x'; }); });
    a.join();
    b.join();
  };
}

// The byte is one of those that are used, and the next one is not.
void sees(const Use& use, std::size_t byte) {
  works(beside(use, byte, true));
  works(beside(use, byte + 1, false));
  if (explores()) is_caught(beside(use, byte, false), Kind::data_race);
}

// No compiler knows what becomes of it.
template <class Value>
void keep(Value value) {
  [[maybe_unused]] volatile Value used = value;
}

TEST(Strspn, BrokenIsCaught) {
  sees([](Buffers& all) { keep(std::strspn(all.text, "eno")); }, 3);
}
TEST(Strcspn, BrokenIsCaught) {
  sees([](Buffers& all) { keep(std::strcspn(all.text, ", ")); }, 3);
}
TEST(Strpbrk, BrokenIsCaught) {
  sees([](Buffers& all) { keep(std::strpbrk(all.text, ",")); }, 7);
}
TEST(Strcasecmp, BrokenIsCaught) {
  sees([](Buffers& all) { keep(strcasecmp(all.other, all.text)); }, 8);
}
TEST(Strncasecmp, BrokenIsCaught) {
  sees([](Buffers& all) { keep(strncasecmp(all.other, all.text, 2)); }, 1);
}
TEST(StrtokR, BrokenIsCaught) {
  sees([](Buffers& all) { keep(strtok_r(all.text, " ", &all.rest)); }, 3);
}

TEST(StrtokR, Works) {
  works([] {
    const auto cut = [] {
      char text[] = ",one,, two";
      char* rest = nullptr;
      EXPECT_STREQ(strtok_r(text, ", ", &rest), "one");
      EXPECT_STREQ(strtok_r(nullptr, ", ", &rest), "two");
      EXPECT_EQ(strtok_r(nullptr, ", ", &rest), nullptr);
      EXPECT_EQ(strtok_r(nullptr, ", ", &rest), nullptr);
    };
    std::thread a(cut), b(cut);
    a.join();
    b.join();
  });
}
// It goes on where any thread was last.
TEST(Strtok, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer does not know of what strtok() keeps");
  is_caught(
      [] {
        const auto cut = [] {
          char text[] = "one two";
          keep(std::strtok(text, " "));  // BUG: strtok_r() is for threads
        };
        std::thread a(cut), b(cut);
        a.join();
        b.join();
      },
      Kind::data_race);
}

int compare(const void* left, const void* right) {
  return *static_cast<const int*>(left) - *static_cast<const int*>(right);
}
TEST(Qsort, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer does not see what qsort() writes");
  is_caught(
      [] {
        const auto buffers = std::make_unique<Buffers>();
        int last = 0;
        std::thread a([&] { std::qsort(buffers->numbers, 8, sizeof(int), compare); });
        std::thread b([&] { last = buffers->numbers[7]; });  // BUG: no order
        a.join();
        b.join();
        EXPECT_GE(last, 0);
        EXPECT_EQ(buffers->numbers[7], 7);
      },
      Kind::data_race);
}

}  // namespace
}  // namespace racecourse::conformance
