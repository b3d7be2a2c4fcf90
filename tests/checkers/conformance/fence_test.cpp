// std::atomic_thread_fence. ThreadSanitizer does not model fences: these run in the explore link only.
#include <atomic>
#include <thread>

#include "conformance.h"

namespace racecourse::conformance {
namespace {

constexpr char kReason[] = "ThreadSanitizer does not model fences";

TEST(Fence, Works) {
  RACECOURSE_EXPLORE_ONLY(kReason);
  works([] {
    int data = 0;
    std::atomic<int> ready{0};
    std::thread writer([&] {
      data = 1;
      std::atomic_thread_fence(std::memory_order_release);  // pairs with the acquire fence in the reader
      ready.store(1, std::memory_order_relaxed);
    });
    std::thread reader([&] {
      if (ready.load(std::memory_order_relaxed) == 1) {
        std::atomic_thread_fence(std::memory_order_acquire);
        EXPECT_EQ(data, 1);
      }
    });
    writer.join();
    reader.join();
  });
}
TEST(Fence, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY(kReason);
  is_caught(
      [] {
        int data = 0;
        std::atomic<int> ready{0};
        std::thread writer([&] {
          data = 1;
          std::atomic_thread_fence(std::memory_order_release);
          ready.store(1, std::memory_order_relaxed);
        });
        std::thread reader([&] {
          if (ready.load(std::memory_order_relaxed) == 1) {
            EXPECT_EQ(data, 1);  // BUG: no acquire fence
          }
        });
        writer.join();
        reader.join();
      },
      Kind::data_race);
}

// One side a fence, the other an ordered operation.
TEST(FenceWithOperation, Works) {
  RACECOURSE_EXPLORE_ONLY(kReason);
  works([] {
    int data = 0;
    std::atomic<int> ready{0};
    std::thread writer([&] {
      data = 1;
      ready.store(1, std::memory_order_release);
    });
    std::thread reader([&] {
      if (ready.load(std::memory_order_relaxed) == 1) {
        std::atomic_thread_fence(std::memory_order_acquire);
        EXPECT_EQ(data, 1);
      }
    });
    writer.join();
    reader.join();
  });
}
TEST(FenceWithOperation, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY(kReason);
  is_caught(
      [] {
        int data = 0;
        std::atomic<int> ready{0};
        std::thread writer([&] {
          std::atomic_thread_fence(std::memory_order_release);
          data = 1;  // BUG: after the fence
          ready.store(1, std::memory_order_relaxed);
        });
        std::thread reader([&] {
          if (ready.load(std::memory_order_acquire) == 1) {
            EXPECT_EQ(data, 1);
          }
        });
        writer.join();
        reader.join();
      },
      Kind::data_race);
}

// A signal fence orders nothing between threads.
TEST(SignalFence, Works) {
  RACECOURSE_EXPLORE_ONLY(kReason);
  works([] {
    int data = 0;
    data = 1;
    std::atomic_signal_fence(std::memory_order_seq_cst);
    std::thread reader([&] { EXPECT_EQ(data, 1); });
    reader.join();
  });
}
TEST(SignalFence, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY(kReason);
  is_caught(
      [] {
        int data = 0;
        std::atomic<int> ready{0};
        std::thread writer([&] {
          data = 1;
          std::atomic_signal_fence(std::memory_order_release);  // BUG: a signal fence
          ready.store(1, std::memory_order_relaxed);
        });
        std::thread reader([&] {
          if (ready.load(std::memory_order_acquire) == 1) {
            EXPECT_EQ(data, 1);
          }
        });
        writer.join();
        reader.join();
      },
      Kind::data_race);
}

}  // namespace
}  // namespace racecourse::conformance
