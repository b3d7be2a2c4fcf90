// std::mutex, std::recursive_mutex and the locks that hold them.
#include <mutex>
#include <thread>

#include "conformance.h"

namespace racecourse::conformance {
namespace {

TEST(Mutex, Works) {
  works([] {
    std::mutex mutex;
    int count = 0;  // guarded by mutex
    auto add = [&] {
      for (int i = 0; i < 3; ++i) {
        std::lock_guard lock(mutex);
        ++count;
      }
    };
    std::thread a(add), b(add);
    a.join();
    b.join();
    EXPECT_EQ(count, 6);
  });
}
TEST(Mutex, BrokenIsCaught) {
  is_caught(
      [] {
        std::mutex mutex;
        int count = 0;
        std::thread a([&] {
          std::lock_guard lock(mutex);
          ++count;
        });
        std::thread b([&] { ++count; });  // BUG: no lock
        a.join();
        b.join();
      },
      Kind::data_race);
}

TEST(MutexTryLock, Works) {
  works([] {
    std::mutex mutex;
    int count = 0, failures = 0;
    auto add = [&](int& failed) {
      if (mutex.try_lock()) {
        ++count;
        mutex.unlock();
      } else {
        ++failed;
      }
    };
    int other_failures = 0;
    std::thread a([&] { add(failures); }), b([&] { add(other_failures); });
    a.join();
    b.join();
    EXPECT_EQ(count + failures + other_failures, 2);
    EXPECT_GE(count, 1);
  });
}
TEST(MutexTryLock, BrokenIsCaught) {
  is_caught(
      [] {
        std::mutex mutex;
        int count = 0;
        auto add = [&] {
          (void)mutex.try_lock();  // BUG: ignores the answer
          ++count;
        };
        std::thread a(add), b(add);
        a.join();
        b.join();
        mutex.unlock();
      },
      Kind::data_race, {Kind::mutex_misuse});
}

TEST(MutexOwner, Works) {
  works([] {
    std::mutex mutex;
    std::unique_lock held(mutex);
    std::thread other([&] { EXPECT_FALSE(mutex.try_lock()); });
    other.join();
    held.unlock();
    std::unique_lock adopted(mutex, std::defer_lock);
    EXPECT_TRUE(adopted.try_lock());
  });
}
TEST(MutexOwner, BrokenIsCaught) {
  is_caught(
      [] {
        std::mutex mutex;
        mutex.lock();
        std::thread stranger([&] { mutex.unlock(); });  // BUG: not the owner
        stranger.join();
      },
      Kind::mutex_misuse);
}

TEST(ScopedLock, Works) {
  works([] {
    std::mutex first, second;
    int count = 0;
    std::thread a([&] {
      std::scoped_lock lock(first, second);
      ++count;
    });
    std::thread b([&] {
      std::scoped_lock lock(second, first);
      ++count;
    });
    a.join();
    b.join();
    EXPECT_EQ(count, 2);
  });
}
TEST(ScopedLock, BrokenIsCaught) {
  is_caught(
      [] {
        std::mutex first, second;
        std::thread a([&] {
          std::lock_guard outer(first);
          std::lock_guard inner(second);
        });
        std::thread b([&] {
          std::lock_guard outer(second);  // BUG: opposite order
          std::lock_guard inner(first);
        });
        a.join();
        b.join();
      },
      Kind::deadlock, {Kind::lock_order});
}

TEST(RecursiveMutex, Works) {
  works([] {
    std::recursive_mutex mutex;
    int count = 0;
    auto add = [&] {
      std::lock_guard outer(mutex);
      std::lock_guard inner(mutex);
      ++count;
    };
    std::thread a(add), b(add);
    a.join();
    b.join();
    EXPECT_EQ(count, 2);
  });
}
TEST(RecursiveMutex, BrokenIsCaught) {
  is_caught(
      [] {
        std::mutex mutex;
        std::thread worker([&] {
          mutex.lock();
          mutex.lock();  // BUG: not recursive
          mutex.unlock();
          mutex.unlock();
        });
        worker.join();
      },
      Kind::self_deadlock);
}

TEST(RecursiveMutexCount, Works) {
  works([] {
    std::recursive_mutex mutex;
    std::lock_guard outer(mutex);
    mutex.lock();
    mutex.unlock();
    std::thread other([&] { EXPECT_FALSE(mutex.try_lock()); });
    other.join();
  });
}
TEST(RecursiveMutexCount, BrokenIsCaught) {
  is_caught(
      [] {
        std::recursive_mutex mutex;
        std::thread a([&] {
          mutex.lock();
          mutex.lock();
          mutex.unlock();  // BUG: once too few
        });
        a.join();
        std::thread b([&] { std::lock_guard lock(mutex); });
        b.join();
      },
      Kind::deadlock, {Kind::partial_deadlock});
}

}  // namespace
}  // namespace racecourse::conformance
