// scanf() and its kin: what a format says of the pointers that come with it.
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "touched.h"

namespace racecourse::conformance {
namespace {

int scan_list(const char* text, const char* format, ...) {
  std::va_list list;
  va_start(list, format);
  const int assigned = std::vsscanf(text, format, list);
  va_end(list);
  return assigned;
}

// Scans `text`, of which nobody else knows.
Use scans(const std::string& text, const char* format, int assigned) {
  return [=](Memory& memory) { EXPECT_EQ(std::sscanf(text.c_str(), format, memory.bytes), assigned); };
}

TEST(Sscanf, Works) {
  works([] {
    const auto scan = [] {
      int number = 0, length = 0;
      double fraction = 0;
      char word[8] = "", letter = ' ', *copy = nullptr;
      EXPECT_EQ(
          std::sscanf("7 0.5 word, x:y", "%d %lf %7[^,], %c:%ms%n", &number, &fraction, word, &letter, &copy, &length),
          5);
      EXPECT_EQ(number, 7);
      EXPECT_EQ(fraction, 0.5);
      EXPECT_STREQ(word, "word");
      EXPECT_EQ(letter, 'x');
      EXPECT_STREQ(copy, "y");
      EXPECT_EQ(length, 15);
      std::free(copy);
    };
    std::thread a(scan), b(scan);
    a.join();
    b.join();
  });
}
TEST(Sscanf, BrokenIsCaught) {
  is_caught(
      [] {
        int number = 0;
        const auto scan = [&] { EXPECT_EQ(std::sscanf("7", "%d", &number), 1); };  // BUG: one number for both
        std::thread a(scan), b(scan);
        a.join();
        b.join();
      },
      Kind::data_race);
}
TEST(Vsscanf, BrokenIsCaught) {
  fills([](Memory& memory) { EXPECT_EQ(scan_list("7", "%d", memory.bytes), 1); }, sizeof(int));
}

// The C library looks for the end of the string.
TEST(SscanfOfASharedText, BrokenIsCaught) {
  const Use use = [](Memory& memory) {
    int number = 0;
    EXPECT_EQ(std::sscanf(memory.text, "%d", &number), 1);
  };
  reads(use, sizeof "12 -7.5 word");
}

TEST(SscanfOfEachSize, BrokenIsCaught) {
  fills(scans("1", "%hhd", 1), 1);
  fills(scans("1", "%hu", 1), 2);
  fills(scans("1", "%x", 1), 4);
  fills(scans("1", "%ld", 1), 8);
  fills(scans("1", "%lli", 1), 8);
  fills(scans("1", "%zu", 1), 8);
  fills(scans("0x1", "%p", 1), 8);
  fills(scans("1", "%f", 1), 4);
  fills(scans("1", "%lg", 1), 8);
  fills(scans("1", "%Lf", 1), 16);
}

TEST(SscanfOfAString, BrokenIsCaught) {
  fills(scans("word", "%s", 1), 5);
  fills(scans("word", "%3s", 1), 4);
  fills(scans("word", "%c", 1), 1);
  fills(scans("wo]rd", "%[]a-w]", 1), 6);
  fills(scans("wo,rd", "%[^,]", 1), 3);
  fills(scans("wo", "%ls", 1), 3 * sizeof(wchar_t));
  fills(
      [](Memory& memory) {
        int number = 0;
        EXPECT_EQ(std::sscanf("word 1", "%4c%d", memory.bytes, &number), 2);
      },
      4);
  fills(
      [](Memory& memory) {
        EXPECT_EQ(std::sscanf("word", "%ms", memory.as<char*>()), 1);
        std::free(*memory.as<char*>());
      },
      sizeof(char*));
}

// What the input did not hold was not written.
TEST(SscanfThatEndsEarly, Works) {
  fills(scans("word", "%d", 0), 0);
  fills(scans("", "%d", EOF), 0);
  fills(scans("wo", "%*d%n", 0), 0);
  fills(scans("wo", "wo %n", 0), 0);  // which it does write: the result does not tell
}
TEST(SscanfOfALength, BrokenIsCaught) {
  fills(scans("wo", " %n", 0), sizeof(int));
  const auto length_of = [](const char* text, int assigned) {
    return [=](Memory& memory) {
      int first = 0, second = 0;
      EXPECT_EQ(std::sscanf(text, "%d %n%%%d", &first, memory.as<int>(), &second), assigned);
    };
  };
  fills(length_of("1 %2", 2), sizeof(int));
  fills(length_of("1 2", 1), sizeof(int));
  fills(length_of("x", 0), 0);
}

TEST(Fscanf, Works) {
  works([] {
    FILE* file = std::fopen("/proc/self/stat", "r");
    ASSERT_NE(file, nullptr);
    int first = 0, second = 0;
    std::mutex mutex;
    const auto scan = [&](int& number) {
      std::lock_guard lock(mutex);
      EXPECT_LE(std::fscanf(file, "%d", &number), 1);
    };
    std::thread a([&] { scan(first); }), b([&] { scan(second); });
    a.join();
    b.join();
    std::fclose(file);
    EXPECT_NE(first > 0, second > 0);
  });
}
TEST(Fscanf, BrokenIsCaught) {
  is_caught(
      [] {
        FILE* file = std::fopen("/proc/self/stat", "r");
        ASSERT_NE(file, nullptr);
        int number = 0;
        std::thread a([&] { EXPECT_EQ(std::fscanf(file, "%d", &number), 1); });
        std::thread b([&] { keep(number); });  // BUG: it may not be there yet
        a.join();
        b.join();
        std::fclose(file);
      },
      Kind::data_race);
}

}  // namespace
}  // namespace racecourse::conformance
