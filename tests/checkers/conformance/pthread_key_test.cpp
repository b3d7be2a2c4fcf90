// pthread keys with their destructors, and pthread_once.
#include <pthread.h>

#include <atomic>
#include <cstdint>
#include <thread>

#include "conformance.h"

namespace racecourse::conformance {
namespace {

void* as_pointer(std::intptr_t value) { return reinterpret_cast<void*>(value); }
std::intptr_t as_number(void* pointer) { return reinterpret_cast<std::intptr_t>(pointer); }

pthread_key_t key;
std::atomic<int> key_destructions{0};
TEST(PthreadKey, Works) {
  works([] {
    key_destructions = 0;
    ASSERT_EQ(pthread_key_create(&key,
                                 [](void* value) {
                                   // A value set again in a destructor is destroyed in the next round.
                                   if (as_number(value) > 1) pthread_setspecific(key, as_pointer(as_number(value) - 1));
                                   ++key_destructions;
                                 }),
              0);
    auto use = [](std::intptr_t mine) {
      EXPECT_EQ(pthread_getspecific(key), nullptr);
      EXPECT_EQ(pthread_setspecific(key, as_pointer(mine)), 0);
      std::this_thread::yield();
      EXPECT_EQ(as_number(pthread_getspecific(key)), mine);
    };
    std::thread a(use, 1), b(use, 2);
    a.join();
    b.join();
    EXPECT_EQ(key_destructions, 3);
    EXPECT_EQ(pthread_key_delete(key), 0);
  });
}
TEST(PthreadKey, BrokenIsCaught) {
  is_caught(
      [] {
        static int value;
        pthread_key_create(&key, nullptr);
        auto use = [] {
          pthread_setspecific(key, &value);  // BUG: the same object for both
          ++*static_cast<int*>(pthread_getspecific(key));
        };
        std::thread a(use), b(use);
        a.join();
        b.join();
        pthread_key_delete(key);
      },
      Kind::data_race);
}

int once_calls = 0;
TEST(PthreadOnce, Works) {
  works([] {
    pthread_once_t once = PTHREAD_ONCE_INIT;
    once_calls = 0;
    auto use = [&] {
      EXPECT_EQ(pthread_once(&once, [] { ++once_calls; }), 0);
      EXPECT_EQ(once_calls, 1);
    };
    std::thread a(use), b(use);
    a.join();
    b.join();
  });
}
TEST(PthreadOnce, BrokenIsCaught) {
  is_caught(
      [] {
        auto use = [] {
          pthread_once_t once = PTHREAD_ONCE_INIT;  // BUG: a flag of its own
          pthread_once(&once, [] { ++once_calls; });
        };
        std::thread a(use), b(use);
        a.join();
        b.join();
      },
      Kind::data_race);
}

}  // namespace
}  // namespace racecourse::conformance
