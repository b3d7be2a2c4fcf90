// The same functions as _FORTIFY_SOURCE calls them, which some distributions switch on for every program.
#undef _FORTIFY_SOURCE
#define _FORTIFY_SOURCE 2

#include <cstdio>
#include <cstring>
#include <cwchar>
#include <memory>
#include <thread>

#include "conformance.h"

namespace racecourse::conformance {
namespace {

// Sizes that no compiler knows: those are checked when the program runs.
volatile std::size_t hidden = 32;
std::size_t size() { return hidden; }

char buffer[64];
char text[64] = "text";

template <class First>
void races(First first) {
  is_caught(
      [=] {
        std::thread a([=] { first(); });  // BUG: no lock
        std::thread b([] { buffer[2] = 'b'; });
        a.join();
        b.join();
      },
      Kind::data_race);
}

TEST(FortifiedMemcpy, Works) {
  works([] {
    std::thread a([] { std::memcpy(buffer, text, size()); });
    a.join();
    std::thread b([] { EXPECT_EQ(buffer[0], 't'); });
    b.join();
  });
}
TEST(FortifiedMemcpy, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer has no interceptor of __memcpy_chk()");
  races([] { std::memcpy(buffer, text, size()); });
}
TEST(FortifiedMemmove, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer has no interceptor of __memmove_chk()");
  races([] { std::memmove(buffer, buffer + 1, size()); });
}
TEST(FortifiedMemset, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer has no interceptor of __memset_chk()");
  races([] { std::memset(buffer, 'a', size()); });
}
TEST(FortifiedStrcpy, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer has no interceptor of __strcpy_chk()");
  races([] { std::strcpy(buffer, text); });
}
TEST(FortifiedStrncpy, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer has no interceptor of __strncpy_chk()");
  races([] { std::strncpy(buffer, text, size()); });
}
TEST(FortifiedStrcat, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer has no interceptor of __strcat_chk()");
  races([] { std::strcat(buffer, text); });
}

const char* volatile number = "%05d";
TEST(FortifiedSprintf, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer has no interceptor of __sprintf_chk()");
  races([] { std::sprintf(buffer, number, 42); });
}
TEST(FortifiedSnprintf, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer has no interceptor of __snprintf_chk()");
  races([] { std::snprintf(buffer, size(), number, 42); });
}

TEST(FortifiedOverflow, BrokenIsCaught) {
  is_caught(
      [] {
        std::thread a([] { std::memset(buffer, 'a', size() * 3); });  // BUG: too much
        a.join();
      },
      Kind::abort);
}

wchar_t wide_buffer[64];
wchar_t wide_text[64] = L"text";

void races_in_wide_letters(void (*first)()) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer has no interceptors of these");
  is_caught(
      [=] {
        std::thread a(first);  // BUG: no lock
        std::thread b([] { wide_buffer[2] = L'b'; });
        a.join();
        b.join();
      },
      Kind::data_race);
}
TEST(FortifiedWmemcpy, BrokenIsCaught) {
  races_in_wide_letters([] { std::wmemcpy(wide_buffer, wide_text, size()); });
}
TEST(FortifiedWmemmove, BrokenIsCaught) {
  races_in_wide_letters([] { std::wmemmove(wide_buffer, wide_text, size()); });
}
TEST(FortifiedWmemset, BrokenIsCaught) {
  races_in_wide_letters([] { std::wmemset(wide_buffer, L'a', size()); });
}
TEST(FortifiedWcscpy, BrokenIsCaught) {
  races_in_wide_letters([] { std::wcscpy(wide_buffer, wide_text); });
}
TEST(FortifiedWcscat, BrokenIsCaught) {
  races_in_wide_letters([] { std::wcscat(wide_buffer, wide_text); });
}

}  // namespace
}  // namespace racecourse::conformance
