// std::call_once and the guards of function-local statics.
#include <atomic>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "conformance.h"

namespace racecourse::conformance {
namespace {

TEST(CallOnce, Works) {
  works([] {
    std::once_flag once;
    int value = 0;
    auto use = [&] {
      std::call_once(once, [&] {
        std::this_thread::yield();
        ++value;
      });
      EXPECT_EQ(value, 1);
    };
    std::thread a(use), b(use), c(use);
    a.join();
    b.join();
    c.join();
  });
}
TEST(CallOnce, BrokenIsCaught) {
  is_caught(
      [] {
        bool done = false;
        int value = 0;
        auto use = [&] {
          if (!done) {  // BUG: a plain flag
            ++value;
            done = true;
          }
        };
        std::thread a(use), b(use);
        a.join();
        b.join();
      },
      Kind::data_race);
}

// A call that throws does not count: the next one tries again.
TEST(CallOnceException, Works) {
  RACECOURSE_EXPLORE_ONLY("pthread_once of ThreadSanitizer does not let an exception through");
  works([] {
    std::once_flag once;
    std::atomic<int> attempts{0}, caught{0};
    int value = 0;
    auto use = [&] {
      try {
        std::call_once(once, [&] {
          if (attempts.fetch_add(1) == 0) throw std::runtime_error("first attempt");
          ++value;
        });
      } catch (const std::runtime_error&) {
        ++caught;
      }
    };
    std::thread a(use), b(use);
    a.join();
    b.join();
    EXPECT_EQ(value, 1);
    EXPECT_EQ(caught, 1);
  });
}
TEST(CallOnceException, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("pthread_once of ThreadSanitizer does not let an exception through");
  is_caught(
      [] {
        std::once_flag once;
        std::atomic<int> attempts{0};
        int value = 0;
        auto use = [&] {
          std::call_once(once, [&] {
            if (attempts.fetch_add(1) == 0) throw std::runtime_error("first attempt");
            ++value;
          });  // BUG: nobody catches
        };
        std::thread a(use), b(use);
        a.join();
        b.join();
      },
      Kind::exception);
}

TEST(CallOnceOrder, Works) {
  works([] {
    std::once_flag first, second;
    auto use = [&] { std::call_once(first, [&] { std::call_once(second, [] {}); }); };
    std::thread a(use), b(use);
    a.join();
    b.join();
  });
}
TEST(CallOnceOrder, BrokenIsCaught) {
  is_caught(
      [] {
        std::once_flag first, second;
        std::thread a([&] { std::call_once(first, [&] { std::call_once(second, [] {}); }); });
        std::thread b([&] { std::call_once(second, [&] { std::call_once(first, [] {}); }); });  // BUG: opposite order
        a.join();
        b.join();
      },
      Kind::deadlock);
}

struct Configuration {
  Configuration() {
    std::this_thread::yield();
    value = 9;
  }
  int value = 0;
};
Configuration& configuration() {
  static Configuration only;
  return only;
}
TEST(StaticGuard, Works) {
  works([] {
    auto use = [] { EXPECT_EQ(configuration().value, 9); };
    std::thread a(use), b(use);
    a.join();
    b.join();
  });
}
std::atomic<Configuration*> lazy{nullptr};
TEST(StaticGuard, BrokenIsCaught) {
  is_caught(
      [] {
        auto use = [] {
          if (!lazy.load(std::memory_order_relaxed)) {
            lazy.store(new Configuration, std::memory_order_relaxed);  // BUG: publishes nothing
          }
          EXPECT_GE(lazy.load(std::memory_order_relaxed)->value, 0);
        };
        std::thread a(use), b(use);
        a.join();
        b.join();
        delete lazy.load();
      },
      Kind::data_race);
}

// A constructor that throws leaves the static unconstructed: the next caller tries again.
std::atomic<int> constructions{0};
struct SecondTime {
  SecondTime() {
    if (constructions.fetch_add(1) == 0) throw std::runtime_error("first attempt");
  }
};
TEST(StaticGuardException, Works) {
  RACECOURSE_EXPLORE_ONLY("g++ 12's ThreadSanitizer itself hangs on a static whose constructor throws");
  works([] {
    constructions = 0;
    std::atomic<int> caught{0};
    auto use = [&] {
      try {
        static SecondTime only;
      } catch (const std::runtime_error&) {
        ++caught;
      }
    };
    std::thread a(use), b(use), c(use);
    a.join();
    b.join();
    c.join();
    if (explores()) {
      EXPECT_EQ(constructions, 2);
      EXPECT_EQ(caught, 1);
    }
  });
}
struct Throws {
  Throws() { throw std::runtime_error("every attempt"); }
};
TEST(StaticGuardException, BrokenIsCaught) {
  is_caught(
      [] {
        std::thread a([] { static Throws only; });  // BUG: nobody catches
        a.join();
      },
      Kind::exception);
}

// Two statics whose constructors need each other, entered from opposite ends.
struct Left {
  Left();
};
struct Right {
  Right();
};
Left& left() {
  static Left only;
  return only;
}
Right& right() {
  static Right only;
  return only;
}
std::atomic<bool> entangled{false};
thread_local bool constructing = false;
Left::Left() {
  if (!entangled || constructing) return;
  constructing = true;
  right();
}
Right::Right() {
  if (!entangled || constructing) return;
  constructing = true;
  left();
}
TEST(StaticGuardOrder, Works) {
  works([] {
    std::thread a([] { left(); }), b([] { right(); });
    a.join();
    b.join();
  });
}
TEST(StaticGuardOrder, BrokenIsCaught) {
  is_caught(
      [] {
        entangled = true;
        std::thread a([] { left(); }), b([] { right(); });  // BUG: each constructor needs the other
        a.join();
        b.join();
      },
      Kind::deadlock);
}

}  // namespace
}  // namespace racecourse::conformance
