// The environment is one variable for all threads: POSIX lets nobody change it while another reads or changes it.
#include <unistd.h>

#include <cstdlib>

#include "touched.h"

namespace racecourse::conformance {
namespace {

const Use gets = [](Memory&) { keep(std::getenv("RACECOURSE_TEST_NAME")); };

void only_one_at_a_time(const Use& changes) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer does not know of the environment");
  works(both(changes, gets, true));
  is_caught(both(changes, gets, false), Kind::data_race);
  is_caught(both(changes, changes, false), Kind::data_race);
}

TEST(Getenv, Works) {
  works(both(gets, gets, false));
  works([] {
    EXPECT_EQ(setenv("RACECOURSE_TEST_NAME", "a", 1), 0);
    EXPECT_EQ(setenv("RACECOURSE_TEST_NAME", "b", 0), 0);
    EXPECT_STREQ(std::getenv("RACECOURSE_TEST_NAME"), "a");
    EXPECT_STREQ(secure_getenv("RACECOURSE_TEST_NAME"), "a");
    EXPECT_EQ(unsetenv("RACECOURSE_TEST_NAME"), 0);
    EXPECT_EQ(std::getenv("RACECOURSE_TEST_NAME"), nullptr);
    static char text[] = "RACECOURSE_TEST_NAME=c";
    EXPECT_EQ(putenv(text), 0);
    EXPECT_STREQ(std::getenv("RACECOURSE_TEST_NAME"), "c");
    EXPECT_EQ(unsetenv("RACECOURSE_TEST_NAME"), 0);
  });
}
// Each execution begins with what the process had.
TEST(Setenv, Works) {
  RACECOURSE_EXPLORE_ONLY("the runs of ThreadSanitizer share one environment");
  works([] {
    EXPECT_EQ(std::getenv("RACECOURSE_TEST_NAME"), nullptr);
    std::mutex mutex;
    const auto sets = [&](const char* value) {
      std::lock_guard lock(mutex);
      setenv("RACECOURSE_TEST_NAME", value, 1);
      EXPECT_STREQ(std::getenv("RACECOURSE_TEST_NAME"), value);
    };
    std::thread a(sets, "a"), b(sets, "b");
    a.join();
    b.join();
  });
}
TEST(Setenv, BrokenIsCaught) {
  only_one_at_a_time([](Memory&) { setenv("RACECOURSE_TEST_NAME", "a", 1); });
}
TEST(Unsetenv, BrokenIsCaught) {
  only_one_at_a_time([](Memory&) { unsetenv("RACECOURSE_TEST_NAME"); });
}
TEST(Putenv, BrokenIsCaught) {
  static char text[] = "RACECOURSE_TEST_NAME=c";
  only_one_at_a_time([](Memory&) { putenv(text); });
}
TEST(Environ, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer does not know of the environment");
  const Use changes = [](Memory&) { setenv("RACECOURSE_TEST_NAME", "a", 1); };
  is_caught(both(
                changes, [](Memory&) { keep(environ[0]); }, false),
            Kind::data_race);
}
TEST(SetenvOfASharedText, BrokenIsCaught) {
  reads([](Memory& memory) { setenv("RACECOURSE_TEST_NAME", memory.text, 1); }, sizeof "12 -7.5 word");
}

}  // namespace
}  // namespace racecourse::conformance
