// thread_local: initialisers, constructors, destructors, one copy a thread.
#include <atomic>
#include <string>
#include <thread>

#include "conformance.h"

namespace racecourse::conformance {
namespace {

thread_local int zeroed;
thread_local int initialised = 3;
int shared_counter = 0;

TEST(ThreadLocal, Works) {
  works([] {
    auto use = [](int me) {
      EXPECT_EQ(zeroed, 0);
      EXPECT_EQ(initialised, 3);
      zeroed = initialised = me;
      std::this_thread::yield();
      EXPECT_EQ(zeroed, me);
      EXPECT_EQ(initialised, me);
    };
    std::thread a(use, 1), b(use, 2);
    a.join();
    b.join();
    std::thread again(use, 4);  // may get the storage of a thread that ended
    again.join();
  });
}
TEST(ThreadLocal, BrokenIsCaught) {
  is_caught(
      [] {
        auto use = [] { ++shared_counter; };  // BUG: not thread_local
        std::thread a(use), b(use);
        a.join();
        b.join();
      },
      Kind::data_race);
}

std::atomic<int> constructed{0}, destroyed{0};
struct Tracked {
  Tracked() { ++constructed; }
  ~Tracked() { ++destroyed; }
  std::string text = "a text too long to be kept inside the string itself";
};
thread_local Tracked tracked;

TEST(ThreadLocalConstructor, Works) {
  works([] {
    constructed = destroyed = 0;
    auto use = [](char mark) {
      EXPECT_EQ(tracked.text[0], 'a');
      tracked.text[0] = mark;
      std::this_thread::yield();
      EXPECT_EQ(tracked.text[0], mark);
    };
    std::thread a(use, 'x'), b(use, 'y'), idle([] {});
    a.join();
    b.join();
    idle.join();
    EXPECT_EQ(constructed, 2);
    EXPECT_EQ(destroyed, 2);
  });
}
TEST(ThreadLocalConstructor, BrokenIsCaught) {
  is_caught(
      [] {
        constructed = 0;
        std::thread a([] { EXPECT_FALSE(tracked.text.empty()); });
        a.join();
        tracked.text.clear();
        EXPECT_EQ(constructed, 1);  // BUG: one a thread
      },
      Kind::assertion);
}

// Destructors run in the thread that ends, last constructed first, before join returns.
std::string* destruction_order = nullptr;
struct Named {
  explicit Named(char name) : name(name) {}
  ~Named() {
    if (destruction_order) *destruction_order += name;
  }
  char name;
};
void construct_in_order() {
  thread_local Named first('1');
  thread_local Named second('2');
}
TEST(ThreadLocalDestructor, Works) {
  works([] {
    std::string order;
    destruction_order = &order;
    std::thread a(construct_in_order);
    a.join();
    std::thread b(construct_in_order);
    b.join();
    destruction_order = nullptr;
    EXPECT_EQ(order, "2121");
  });
}
int unguarded_total = 0;
struct AddsAtExit {
  ~AddsAtExit() { unguarded_total += amount; }
  int amount = 0;
};
TEST(ThreadLocalDestructor, BrokenIsCaught) {
  is_caught(
      [] {
        auto use = [] {
          thread_local AddsAtExit adder;
          adder.amount = 1;  // BUG: destructors run in parallel
        };
        std::thread a(use), b(use);
        a.join();
        b.join();
      },
      Kind::data_race);
}

// A thread_local may be reached from another thread through a pointer, while its thread lives.
TEST(ThreadLocalPointer, Works) {
  works([] {
    std::atomic<int*> address{nullptr};
    std::atomic<bool> read{false};
    std::thread owner([&] {
      zeroed = 5;
      address = &zeroed;
      while (!read) std::this_thread::yield();
    });
    std::thread reader([&] {
      int* seen;
      while (!(seen = address)) std::this_thread::yield();
      EXPECT_NE(seen, &zeroed);
      EXPECT_EQ(*seen, 5);
      read = true;
    });
    owner.join();
    reader.join();
  });
}
TEST(ThreadLocalPointer, BrokenIsCaught) {
  is_caught(
      [] {
        std::atomic<int*> address{nullptr};
        std::atomic<bool> read{false};
        std::thread owner([&] {
          address = &zeroed;
          zeroed = 5;  // BUG: after publishing
          while (!read) std::this_thread::yield();
        });
        std::thread reader([&] {
          int* seen;
          while (!(seen = address)) std::this_thread::yield();
          EXPECT_GE(*seen, 0);
          read = true;
        });
        owner.join();
        reader.join();
      },
      Kind::data_race);
}

}  // namespace
}  // namespace racecourse::conformance
