// More functions on memory and strings, of BSD and GNU for the most part: what they read and write can race like any
// other access.
#include <strings.h>

#include <cstdlib>
#include <cstring>

#include "touched.h"

namespace racecourse::conformance {
namespace {

// A size that no compiler knows.
volatile std::size_t hidden = 3;

TEST(MoreStrings, Works) {
  works([] {
    const auto use = [] {
      char text[16] = "one,two,,";
      char* rest = text;
      EXPECT_STREQ(strsep(&rest, ","), "one");
      EXPECT_STREQ(strsep(&rest, ",;"), "two");
      EXPECT_STREQ(strsep(&rest, ","), "");
      EXPECT_STREQ(strsep(&rest, ","), "");
      EXPECT_EQ(strsep(&rest, ","), nullptr);
      EXPECT_EQ(stpncpy(text, "word", 8), text + 4);
      EXPECT_EQ(mempcpy(text, "WO", 2), text + 2);
      EXPECT_EQ(memccpy(text, "wor", 'o', 4), text + 2);
      EXPECT_EQ(memccpy(text, "wor", 'x', 2), nullptr);
      EXPECT_STREQ(text, "word");
      EXPECT_EQ(memrchr(text, 'o', 4), text + 1);
      EXPECT_EQ(memrchr(text, 'x', 4), nullptr);
      EXPECT_EQ(rawmemchr(text, 'r'), text + 2);
      EXPECT_EQ(memmem(text, 4, "or", 2), text + 1);
      EXPECT_EQ(memmem(text, 4, "ox", 2), nullptr);
      EXPECT_EQ(strchrnul(text, 'x'), text + 4);
      EXPECT_EQ(index(text, 'r'), text + 2);
      EXPECT_EQ(rindex(text, 'r'), text + 2);
      EXPECT_EQ(strcasestr(text, "OR"), text + 1);
      EXPECT_EQ(std::strcoll(text, "word"), 0);
      bcopy(text, text + 1, 4);
      EXPECT_EQ(text[4], 'd');
      bzero(text, hidden);
      explicit_bzero(text + 3, 1);
      EXPECT_EQ(text[2] + text[3], 0);
    };
    std::thread a(use), b(use);
    a.join();
    b.join();
  });
}

TEST(MoreStringsThatAreWritten, BrokenIsCaught) {
  fills([](Memory& memory) { bzero(memory.bytes, 16); }, 16);
  fills([](Memory& memory) { bzero(memory.bytes, hidden); }, 3);
  fills([](Memory& memory) { explicit_bzero(memory.bytes, 3); }, 3);
  fills([](Memory& memory) { bcopy("word", memory.bytes, 3); }, 3);
  fills([](Memory& memory) { bcopy(memory.wide, memory.bytes, 48); }, 48);
  fills([](Memory& memory) { keep(mempcpy(memory.bytes, "word", 3)); }, 3);
  fills([](Memory& memory) { keep(mempcpy(memory.bytes, memory.wide, 48)); }, 48);
  fills([](Memory& memory) { keep(memccpy(memory.bytes, "word", 'r', 4)); }, 3);
  fills([](Memory& memory) { keep(stpncpy(memory.bytes, "wo", 4)); }, 4);
  fills(
      [](Memory& memory) {
        char text[] = "one two";
        *memory.as<char*>() = text;
        keep(strsep(memory.as<char*>(), " "));
      },
      sizeof(char*));
}

// "12 -7.5 word"
TEST(MoreStringsThatAreRead, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer has interceptors of few of them");
  reads([](Memory& memory) { keep(mempcpy(memory.bytes, memory.text, 3)); }, 3);
  reads([](Memory& memory) { bcopy(memory.text, memory.bytes, 3); }, 3);
  reads([](Memory& memory) { keep(memccpy(memory.bytes, memory.text, '-', 16)); }, 4);
  reads([](Memory& memory) { keep(stpncpy(memory.bytes, memory.text, 4)); }, 4);
  reads([](Memory& memory) { keep(rawmemchr(memory.text, '-')); }, 4);
  reads([](Memory& memory) { keep(memmem(memory.text, 12, "-7", 2)); }, 5);
  reads([](Memory& memory) { keep(strchrnul(memory.text, '-')); }, 4);
  reads([](Memory& memory) { keep(index(memory.text, '-')); }, 4);
  reads([](Memory& memory) { keep(rindex(memory.text, '-')); }, 13);
  reads([](Memory& memory) { keep(strcasestr(memory.text, "WORD")); }, 13);
  reads([](Memory& memory) { keep(std::strcoll("word", memory.text)); }, 13);
  const Use from_the_end = [](Memory& memory) { keep(memrchr(memory.text, ' ', 12)); };
  is_caught(both(from_the_end, writes_text(7), false), Kind::data_race);
  works(both(from_the_end, writes_text(6), false));
}

int compare(const void* left, const void* right, void*) {
  return *static_cast<const int*>(left) - *static_cast<const int*>(right);
}
TEST(QsortR, BrokenIsCaught) {
  fills([](Memory& memory) { qsort_r(memory.bytes, 4, sizeof(int), compare, nullptr); }, 4 * sizeof(int));
}

}  // namespace
}  // namespace racecourse::conformance
