// What the orders of atomic operations publish, and what sequential consistency forbids.
#include <atomic>
#include <memory>
#include <thread>

#include "conformance.h"

namespace racecourse::conformance {
namespace {

TEST(Publication, Works) {
  works([] {
    int data = 0;
    std::atomic<bool> ready{false};
    std::thread writer([&] {
      data = 42;
      ready.store(true, std::memory_order_release);  // pairs with the acquire in the reader
    });
    std::thread reader([&] {
      if (ready.load(std::memory_order_acquire)) {
        EXPECT_EQ(data, 42);
      }
    });
    writer.join();
    reader.join();
  });
}
TEST(Publication, BrokenIsCaught) {
  is_caught(
      [] {
        int data = 0;
        std::atomic<bool> ready{false};
        std::thread writer([&] {
          data = 42;
          ready.store(true, std::memory_order_release);
        });
        std::thread reader([&] {
          while (!ready.load(std::memory_order_relaxed)) std::this_thread::yield();  // BUG: relaxed
          EXPECT_EQ(data, 42);
        });
        writer.join();
        reader.join();
      },
      Kind::data_race);
}

// A read-modify-write by another thread continues the release sequence, even a relaxed one.
TEST(ReleaseSequence, Works) {
  works([] {
    int data = 0;
    std::atomic<int> stage{0};
    std::thread writer([&] {
      data = 42;
      stage.store(1, std::memory_order_release);
    });
    std::thread middle([&] {
      int expected = 1;
      stage.compare_exchange_strong(expected, 2, std::memory_order_relaxed);
    });
    std::thread reader([&] {
      if (stage.load(std::memory_order_acquire) == 2) {
        EXPECT_EQ(data, 42);
      }
    });
    writer.join();
    middle.join();
    reader.join();
  });
}
TEST(ReleaseSequence, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer lets a relaxed store keep the sequence");
  is_caught(
      [] {
        int data = 0;
        std::atomic<int> stage{0};
        std::thread writer([&] {
          data = 42;
          stage.store(1, std::memory_order_release);
        });
        std::thread middle([&] {
          while (stage.load(std::memory_order_relaxed) != 1) std::this_thread::yield();
          stage.store(2, std::memory_order_relaxed);  // BUG: a store breaks the sequence
        });
        std::thread reader([&] {
          while (stage.load(std::memory_order_acquire) != 2) std::this_thread::yield();
          EXPECT_EQ(data, 42);
        });
        writer.join();
        middle.join();
        reader.join();
      },
      Kind::data_race);
}

// What an object released ends with it: the next one at its address has released nothing.
struct Message {
  char number = 0;
  std::atomic<bool> ready{false};  // at an odd address
  char text[1000] = {};
};

TEST(FreedAtomic, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("the real heap need not give the same address");
  is_caught(
      [] {
        int data = 0;
        std::atomic<bool> done{false};
        std::thread a([&] {
          auto message = std::make_unique<Message>();
          data = 1;
          message->ready.store(true, std::memory_order_release);
          message.reset();
          done.store(true, std::memory_order_relaxed);
        });
        std::thread b([&] {
          if (!done.load(std::memory_order_relaxed)) return;
          const auto message = std::make_unique<Message>();
          EXPECT_FALSE(message->ready.load(std::memory_order_acquire));
          EXPECT_EQ(data, 1);  // BUG: another message
        });
        a.join();
        b.join();
      },
      Kind::data_race);
}

// Sequential consistency: not both of two threads can miss the other's store.
TEST(StoreBuffering, Works) {
  works([] {
    std::atomic<int> x{0}, y{0};
    int saw_x = 0, saw_y = 0;
    std::thread a([&] {
      x = 1;
      saw_y = y;
    });
    std::thread b([&] {
      y = 1;
      saw_x = x;
    });
    a.join();
    b.join();
    EXPECT_EQ(saw_x | saw_y, 1);
  });
}
TEST(StoreBuffering, BrokenIsCaught) {
  is_caught(
      [] {
        std::atomic<int> x{0}, y{0};
        int saw_x = 0, saw_y = 0;
        std::thread a([&] {
          saw_y = y;  // BUG: before the store
          x = 1;
        });
        std::thread b([&] {
          saw_x = x;
          y = 1;
        });
        a.join();
        b.join();
        EXPECT_EQ(saw_x | saw_y, 1);
      },
      Kind::assertion);
}

}  // namespace
}  // namespace racecourse::conformance
