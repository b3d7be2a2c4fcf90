// The functions on wide strings: what they read and write can race like any other access.
#include <cstdio>
#include <cstdlib>
#include <cwchar>
#include <string>

#include "touched.h"

namespace racecourse::conformance {
namespace {

constexpr std::size_t kWide = sizeof(wchar_t);

// Where a function is to write.
wchar_t* wide(Memory& memory) { return memory.as<wchar_t>(); }

// Exactly so many letters of L"word" are read.
Use writes_letter(std::size_t index) {
  return [index](Memory& memory) {
    volatile wchar_t& letter = memory.wide[index];
    letter = letter;
  };
}
void reads_word(const Use& use, std::size_t size) { touches(use, writes_letter, size); }

TEST(WideStrings, Works) {
  works([] {
    const auto use = [] {
      wchar_t text[16];
      EXPECT_STREQ(std::wcscpy(text, L"one"), L"one");
      EXPECT_EQ(wcpcpy(text, L"one"), text + 3);
      EXPECT_STREQ(std::wcscat(text, L" two"), L"one two");
      EXPECT_STREQ(std::wcsncat(text, L" three", 3), L"one two th");
      EXPECT_EQ(std::wcslen(text), 10u);
      EXPECT_EQ(wcsnlen(text, 4), 4u);
      EXPECT_STREQ(std::wcsncpy(text, L"four", 5), L"four");
      EXPECT_EQ(std::wcschr(text, L'u'), text + 2);
      EXPECT_EQ(std::wcschr(text, L'x'), nullptr);
      EXPECT_EQ(std::wcsrchr(text, L'f'), text);
      EXPECT_EQ(std::wcsstr(text, L"ur"), text + 2);
      EXPECT_EQ(std::wcscmp(text, L"four"), 0);
      EXPECT_LT(std::wcsncmp(text, L"fouz", 4), 0);
      EXPECT_EQ(std::wmemchr(text, L'r', 4), text + 3);
      EXPECT_EQ(std::wmemcmp(text, L"four", 4), 0);
      std::wmemmove(text + 1, text, 4);
      std::wmemset(text, L'f', 2);
      EXPECT_EQ(text[4], L'r');
      EXPECT_EQ(std::swprintf(text, 16, L"%d %ls", 12, L"x"), 4);
      EXPECT_STREQ(text, L"12 x");
      EXPECT_EQ(std::swprintf(text, 2, L"%d", 12), -1);
      char narrow[8];
      EXPECT_EQ(std::wcstombs(narrow, L"word", 8), 4u);
      EXPECT_STREQ(narrow, "word");
      EXPECT_EQ(std::mbstowcs(text, narrow, 16), 4u);
      EXPECT_STREQ(text, L"word");
      EXPECT_EQ(std::mbstowcs(nullptr, narrow, 0), 4u);
      wchar_t* copy = wcsdup(text);
      EXPECT_STREQ(copy, L"word");
      std::free(copy);
    };
    std::thread a(use), b(use);
    a.join();
    b.join();
  });
}

TEST(WideStringsThatAreWritten, BrokenIsCaught) {
  fills([](Memory& memory) { std::wcscpy(wide(memory), L"word"); }, 5 * kWide);
  fills([](Memory& memory) { wcpcpy(wide(memory), L"word"); }, 5 * kWide);
  fills([](Memory& memory) { std::wcsncpy(wide(memory), L"word", 7); }, 7 * kWide);
  fills([](Memory& memory) { std::wcscat(wide(memory), L"word"); }, 5 * kWide);
  fills([](Memory& memory) { std::wcsncat(wide(memory), L"word", 2); }, 3 * kWide);
  fills([](Memory& memory) { std::wmemcpy(wide(memory), L"word", 3); }, 3 * kWide);
  fills([](Memory& memory) { std::wmemmove(wide(memory), L"word", 3); }, 3 * kWide);
  fills([](Memory& memory) { std::wmemset(wide(memory), L'x', 3); }, 3 * kWide);
  fills([](Memory& memory) { std::swprintf(wide(memory), 8, L"%d", 12); }, 3 * kWide);
  fills([](Memory& memory) { keep(std::mbstowcs(wide(memory), "word", 8)); }, 5 * kWide);
  fills([](Memory& memory) { keep(std::mbstowcs(wide(memory), "word", 3)); }, 3 * kWide);
  fills([](Memory& memory) { keep(std::wcstombs(memory.bytes, L"word", 8)); }, 5);
}

TEST(WideStringsThatAreRead, BrokenIsCaught) {
  reads_word([](Memory& memory) { keep(std::wcslen(memory.wide)); }, 5);
  reads_word([](Memory& memory) { keep(wcsnlen(memory.wide, 3)); }, 3);
  reads_word([](Memory& memory) { keep(std::wcscmp(memory.wide, L"wonder")); }, 3);
  reads_word([](Memory& memory) { keep(std::wcsncmp(memory.wide, L"wonder", 2)); }, 2);
  reads_word([](Memory& memory) { keep(std::wcschr(memory.wide, L'o')); }, 2);
  reads_word([](Memory& memory) { keep(std::wcschr(memory.wide, L'x')); }, 5);
  reads_word([](Memory& memory) { keep(std::wcsrchr(memory.wide, L'o')); }, 5);
  reads_word([](Memory& memory) { keep(std::wcsstr(memory.wide, L"o")); }, 5);
  reads_word([](Memory& memory) { keep(std::wmemchr(memory.wide, L'o', 4)); }, 2);
  reads_word([](Memory& memory) { keep(std::wmemcmp(memory.wide, L"word", 3)); }, 3);
  reads_word([](Memory& memory) { std::free(wcsdup(memory.wide)); }, 5);
  reads_word([](Memory& memory) { std::wcscpy(wide(memory), memory.wide); }, 5);
  reads_word([](Memory& memory) { std::wcsncpy(wide(memory), memory.wide, 3); }, 3);
  reads_word([](Memory& memory) { std::wcscat(wide(memory), memory.wide); }, 5);
  reads_word([](Memory& memory) { std::wcsncat(wide(memory), memory.wide, 3); }, 3);
  reads_word([](Memory& memory) { std::wmemcpy(wide(memory), memory.wide, 3); }, 3);
  reads_word([](Memory& memory) { std::wmemmove(wide(memory), memory.wide, 3); }, 3);
  reads_word([](Memory& memory) { keep(std::wcstombs(memory.bytes, memory.wide, 8)); }, 5);
}

TEST(WideString, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer has no interceptor of wmemcpy()");
  is_caught(
      [] {
        std::wstring text = L"a few wide letters";
        std::thread a([&] { EXPECT_EQ(std::wstring(text.data(), 18).size(), 18u); });
        std::thread b([&] { text[17] = L'S'; });  // BUG: no order
        a.join();
        b.join();
      },
      Kind::data_race);
}

// It is of the program's heap.
TEST(Wcsdup, BrokenIsCaught) {
  is_caught([] { keep(wcsdup(L"word")[5]); }, Kind::heap_overflow);
}

}  // namespace
}  // namespace racecourse::conformance
