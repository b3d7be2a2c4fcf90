// iostream and stdio under control: each call is whole, a sequence of calls is not.
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>

#include "conformance.h"

namespace racecourse::conformance {
namespace {

TEST(Iostream, Works) {
  works([] {
    auto print = [](int me) {
      std::ostringstream line;
      line << "thread " << me << ' ' << 1.5 * me;
      std::cout << "" << std::flush;
      std::cerr << "";
      EXPECT_EQ(line.str(), me == 1 ? "thread 1 1.5" : "thread 2 3");
      std::istringstream words(line.str());
      std::string word;
      int number = 0;
      words >> word >> number;
      EXPECT_EQ(number, me);
    };
    std::thread a(print, 1), b(print, 2);
    a.join();
    b.join();
  });
}
// The torn line: each piece is written under the lock, the line is not.
TEST(Iostream, BrokenIsCaught) {
  is_caught(
      [] {
        std::mutex mutex;
        std::ostringstream out;
        auto put = [&](const char* piece) {
          std::lock_guard lock(mutex);
          out << piece;
        };
        auto print = [&] {
          put("ab");
          put("\n");  // BUG: another line may come between
        };
        std::thread a(print), b(print);
        a.join();
        b.join();
        EXPECT_EQ(out.str(), "ab\nab\n");
      },
      Kind::assertion);
}

TEST(Stdio, Works) {
  works([] {
    auto print = [](int me) {
      char text[32];
      std::snprintf(text, sizeof text, "thread %d %.1f", me, 1.5 * me);
      EXPECT_EQ(std::strcmp(text, me == 1 ? "thread 1 1.5" : "thread 2 3.0"), 0);
      std::fprintf(stderr, "%s", "");
      std::printf("%s", "");
      int number = 0;
      EXPECT_EQ(std::sscanf(text, "thread %d", &number), 1);
      EXPECT_EQ(number, me);
    };
    std::thread a(print, 1), b(print, 2);
    a.join();
    b.join();
  });
}
TEST(Stdio, BrokenIsCaught) {
  is_caught(
      [] {
        char text[8];
        auto print = [&](int me) {
          std::snprintf(text, sizeof text, "%d", me);
          text[1] = static_cast<char>('0' + me);  // BUG: one buffer for both
        };
        std::thread a(print, 1), b(print, 2);
        a.join();
        b.join();
      },
      Kind::data_race);
}

TEST(FileStream, Works) {
  works([] {
    std::mutex mutex;
    std::ofstream out("/dev/null");
    int lines = 0;
    auto print = [&] {
      for (int i = 0; i < 2; ++i) {
        std::lock_guard lock(mutex);
        out << "line " << i << '\n';
        ++lines;
      }
    };
    std::thread a(print), b(print);
    a.join();
    b.join();
    EXPECT_TRUE(out.good());
    EXPECT_EQ(lines, 4);
  });
}
TEST(FileStream, BrokenIsCaught) {
  is_caught(
      [] {
        std::ofstream out("/dev/null");
        int lines = 0;
        auto print = [&] { ++lines; };  // BUG: the count is shared too
        std::thread a(print), b(print);
        a.join();
        b.join();
        out << lines;
      },
      Kind::data_race);
}

}  // namespace
}  // namespace racecourse::conformance
