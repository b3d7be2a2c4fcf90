// strtol(), atoi() and their kin, and std::stoi(), which calls them: the string is read up to the letter that ends the
// number, and where that is may be written.
#include <inttypes.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <string>

#include "touched.h"

namespace racecourse::conformance {
namespace {

TEST(Strtol, Works) {
  works([] {
    const auto convert = [] {
      const char* text = " 12x";
      char* end = nullptr;
      EXPECT_EQ(std::strtol(text, &end, 10), 12);
      EXPECT_EQ(end, text + 3);
      EXPECT_EQ(std::strtod("0.5", nullptr), 0.5);
      EXPECT_EQ(std::atoi("-7"), -7);
      EXPECT_EQ(std::stoi("7"), 7);
      errno = 0;
      EXPECT_EQ(std::strtol("99999999999999999999", nullptr, 10), LONG_MAX);
      EXPECT_EQ(errno, ERANGE);
    };
    std::thread a(convert), b(convert);
    a.join();
    b.join();
  });
}
TEST(Strtol, BrokenIsCaught) {
  reads([](Memory& memory) { keep(std::strtol(memory.text, nullptr, 10)); }, 3);
}
TEST(Strtoul, BrokenIsCaught) {
  reads([](Memory& memory) { keep(std::strtoul(memory.text, nullptr, 10)); }, 3);
}
TEST(Strtoll, BrokenIsCaught) {
  reads([](Memory& memory) { keep(std::strtoll(memory.text, nullptr, 10)); }, 3);
}
TEST(Strtoull, BrokenIsCaught) {
  reads([](Memory& memory) { keep(std::strtoull(memory.text, nullptr, 10)); }, 3);
}
TEST(Strtoimax, BrokenIsCaught) {
  reads([](Memory& memory) { keep(strtoimax(memory.text, nullptr, 10)); }, 3);
}
TEST(Strtoumax, BrokenIsCaught) {
  reads([](Memory& memory) { keep(strtoumax(memory.text, nullptr, 10)); }, 3);
}
TEST(Atoi, BrokenIsCaught) {
  reads([](Memory& memory) { keep(std::atoi(memory.text)); }, 3);
}
TEST(Atol, BrokenIsCaught) {
  reads([](Memory& memory) { keep(std::atol(memory.text)); }, 3);
}
TEST(Atoll, BrokenIsCaught) {
  reads([](Memory& memory) { keep(std::atoll(memory.text)); }, 3);
}

TEST(Strtod, BrokenIsCaught) {
  reads([](Memory& memory) { keep(std::strtod(memory.text, nullptr)); }, 3);
}
TEST(Strtof, BrokenIsCaught) {
  reads([](Memory& memory) { keep(std::strtof(memory.text, nullptr)); }, 3);
}
TEST(Strtold, BrokenIsCaught) {
  reads([](Memory& memory) { keep(std::strtold(memory.text, nullptr)); }, 3);
}
TEST(Atof, BrokenIsCaught) {
  reads([](Memory& memory) { keep(std::atof(memory.text)); }, 3);
}

// No number: as far as that is seen.
TEST(StrtolOfAWord, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer does not see the letter that is none of a number");
  reads([](Memory& memory) { keep(std::strtol(memory.text, nullptr, 2)); }, 2);
  const Use at_word = [](Memory& memory) { keep(std::strtol(memory.text + 7, nullptr, 10)); };
  is_caught(both(at_word, writes_text(8), false), Kind::data_race);
  works(both(at_word, writes_text(9), false));
}

TEST(StrtolEnd, BrokenIsCaught) {
  fills([](Memory& memory) { keep(std::strtol("12", memory.as<char*>(), 10)); }, sizeof(char*));
}
TEST(StrtodEnd, BrokenIsCaught) {
  fills([](Memory& memory) { keep(std::strtod("12", memory.as<char*>())); }, sizeof(char*));
}
// A base that is none: the C library writes no end.
TEST(StrtolOfNoBase, Works) {
  works([] {
    char text[] = "12", *end = text + 1;
    volatile int base = 1;
    EXPECT_EQ(std::strtol(text, &end, base), 0);
    EXPECT_EQ(end, text + 1);
  });
}

TEST(Stoi, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer does not see what strtoll() reads");
  is_caught(
      [] {
        std::string text = "12345678901234567";
        std::thread a([&] { EXPECT_GT(std::stoll(text), 0); });
        std::thread b([&] { text.back() = '7'; });  // BUG: no order
        a.join();
        b.join();
      },
      Kind::data_race);
}

}  // namespace
}  // namespace racecourse::conformance
