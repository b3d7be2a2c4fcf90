// Dates and their texts: functions that fill a variable of the C library's own are for one thread at a time, those that
// fill what is theirs are not.
#include <ctime>

#include "touched.h"

namespace racecourse::conformance {
namespace {

constexpr std::time_t kDay = 86'400;

TEST(CalendarOfTheCaller, Works) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer does not know of the lock around the time zone of the C library");
  works([] {
    const auto use = [] {
      std::tm date{};
      char text[32];
      EXPECT_EQ(gmtime_r(&kDay, &date), &date);
      EXPECT_EQ(date.tm_mday, 2);
      EXPECT_EQ(timegm(&date), kDay);
      EXPECT_EQ(std::strftime(text, sizeof text, "%d.%m.", &date), 6u);
      EXPECT_STREQ(text, "02.01.");
      EXPECT_STREQ(asctime_r(&date, text), "Fri Jan  2 00:00:00 1970\n");
      EXPECT_EQ(localtime_r(&kDay, &date), &date);
      EXPECT_EQ(std::mktime(&date), kDay);
      EXPECT_EQ(ctime_r(&kDay, text), text);
    };
    std::thread a(use), b(use);
    a.join();
    b.join();
  });
}

TEST(CalendarOfTheCaller, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer has interceptors of few of them");
  fills([](Memory& memory) { gmtime_r(&kDay, memory.as<std::tm>()); }, sizeof(std::tm));
  fills([](Memory& memory) { localtime_r(&kDay, memory.as<std::tm>()); }, sizeof(std::tm));
  fills([](Memory& memory) { std::mktime(memory.as<std::tm>()); }, sizeof(std::tm));
  fills([](Memory& memory) { timegm(memory.as<std::tm>()); }, sizeof(std::tm));
  fills([](Memory& memory) { ctime_r(&kDay, memory.bytes); }, 26);
  const std::tm date = *std::gmtime(&kDay);
  fills([date](Memory& memory) { asctime_r(&date, memory.bytes); }, 26);
  fills([date](Memory& memory) { keep(std::strftime(memory.bytes, 64, "%d.%m.", &date)); }, 7);
}

void one_at_a_time(void (*call)()) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer does not know of the variables of the C library");
  const Use use = [call](Memory&) { call(); };
  works(both(use, use, true));
  is_caught(both(use, use, false), Kind::data_race);
}
TEST(Localtime, BrokenIsCaught) {
  one_at_a_time([] { keep(std::localtime(&kDay)->tm_mday); });
}
TEST(Gmtime, BrokenIsCaught) {
  one_at_a_time([] { EXPECT_EQ(std::gmtime(&kDay)->tm_mday, 2); });
}
TEST(Asctime, BrokenIsCaught) {
  one_at_a_time([] {
    std::tm date{};
    date.tm_mday = 1;
    keep(std::asctime(&date)[0]);
  });
}
TEST(Ctime, BrokenIsCaught) {
  one_at_a_time([] { keep(std::ctime(&kDay)[0]); });
}
// They share one.
TEST(GmtimeAndLocaltime, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer does not know of the variables of the C library");
  is_caught(both([](Memory&) { keep(std::gmtime(&kDay)->tm_mday); },
                 [](Memory&) { keep(std::localtime(&kDay)->tm_mday); }, false),
            Kind::data_race);
}

}  // namespace
}  // namespace racecourse::conformance
