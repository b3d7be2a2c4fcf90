// pthread_create, join, detach, exit, attributes and names.
#include <pthread.h>
#include <sched.h>
#include <sys/prctl.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <string>
#include <thread>

#include "conformance.h"

namespace racecourse::conformance {
namespace {

void* as_pointer(std::intptr_t value) { return reinterpret_cast<void*>(value); }
std::intptr_t as_number(void* pointer) { return reinterpret_cast<std::intptr_t>(pointer); }

TEST(PthreadCreate, Works) {
  works([] {
    pthread_t a, b;
    auto twice = [](void* argument) { return as_pointer(2 * as_number(argument)); };
    ASSERT_EQ(pthread_create(&a, nullptr, twice, as_pointer(1)), 0);
    ASSERT_EQ(pthread_create(&b, nullptr, twice, as_pointer(2)), 0);
    EXPECT_FALSE(pthread_equal(a, b));
    void *from_a = nullptr, *from_b = nullptr;
    EXPECT_EQ(pthread_join(a, &from_a), 0);
    EXPECT_EQ(pthread_join(b, &from_b), 0);
    EXPECT_EQ(as_number(from_a) + as_number(from_b), 6);
  });
}
TEST(PthreadCreate, BrokenIsCaught) {
  is_caught(
      [] {
        int index = 0;
        pthread_t threads[2];
        for (index = 0; index < 2; ++index) {  // BUG: passes the address of the loop variable
          pthread_create(
              &threads[index], nullptr, [](void* argument) { return as_pointer(*static_cast<int*>(argument)); },
              &index);
        }
        for (pthread_t thread : threads) pthread_join(thread, nullptr);
      },
      Kind::data_race);
}

struct MarksDestruction {
  ~MarksDestruction() { *mark = true; }
  bool* mark;
};
void exits_early(bool* mark) {
  MarksDestruction local{mark};
  pthread_exit(as_pointer(7));
}
TEST(PthreadExit, Works) {
  works([] {
    bool destroyed = false;
    pthread_t thread;
    auto start = [](void* mark) -> void* {
      exits_early(static_cast<bool*>(mark));
      return nullptr;
    };
    ASSERT_EQ(pthread_create(&thread, nullptr, start, &destroyed), 0);
    void* result = nullptr;
    EXPECT_EQ(pthread_join(thread, &result), 0);
    EXPECT_EQ(as_number(result), 7);
    EXPECT_TRUE(destroyed);
  });
}
TEST(PthreadExit, BrokenIsCaught) {
  is_caught(
      [] {
        static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
        std::thread leaver([] {
          pthread_mutex_lock(&mutex);
          pthread_exit(nullptr);  // BUG: still holds it
        });
        pthread_mutex_lock(&mutex);
        pthread_mutex_unlock(&mutex);
        leaver.join();
      },
      Kind::deadlock, {Kind::partial_deadlock});
}

TEST(PthreadJoin, Works) {
  RACECOURSE_EXPLORE_ONLY("clang's ThreadSanitizer stops at a main thread that joins itself");
  works([] {
    pthread_t self = pthread_self();
    EXPECT_EQ(pthread_join(self, nullptr), EDEADLK);
    int value = 0;
    pthread_t thread;
    auto start = [](void* argument) -> void* {
      *static_cast<int*>(argument) = 1;
      return argument;
    };
    ASSERT_EQ(pthread_create(&thread, nullptr, start, &value), 0);
    void* result = nullptr;
    EXPECT_EQ(pthread_join(thread, &result), 0);
    EXPECT_EQ(result, &value);
    EXPECT_EQ(value, 1);
  });
}
TEST(PthreadJoin, BrokenIsCaught) {
  is_caught(
      [] {
        static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
        auto start = [](void*) -> void* {
          pthread_mutex_lock(&mutex);
          pthread_mutex_unlock(&mutex);
          return nullptr;
        };
        pthread_mutex_lock(&mutex);
        pthread_t thread;
        pthread_create(&thread, nullptr, start, nullptr);
        pthread_join(thread, nullptr);  // BUG: while holding what it needs
        pthread_mutex_unlock(&mutex);
      },
      Kind::deadlock);
}

TEST(PthreadDetach, Works) {
  works([] {
    static std::atomic<int> ended;
    ended = 0;
    auto start = [](void*) -> void* {
      ++ended;
      return nullptr;
    };
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    EXPECT_EQ(pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED), 0);
    pthread_t first, second;
    ASSERT_EQ(pthread_create(&first, &attributes, start, nullptr), 0);
    pthread_attr_destroy(&attributes);
    ASSERT_EQ(pthread_create(&second, nullptr, start, nullptr), 0);
    EXPECT_EQ(pthread_detach(second), 0);
    while (ended < 2) sched_yield();
  });
}
TEST(PthreadDetach, BrokenIsCaught) {
  is_caught(
      [] {
        static int value;
        value = 0;
        static std::atomic<bool> ended;
        ended = false;
        auto start = [](void*) -> void* {
          ended.store(true, std::memory_order_relaxed);
          value = 1;  // BUG: after saying so
          return nullptr;
        };
        pthread_t thread;
        pthread_create(&thread, nullptr, start, nullptr);
        pthread_detach(thread);
        while (!ended.load(std::memory_order_relaxed)) sched_yield();
        EXPECT_GE(value, 0);
      },
      Kind::data_race);
}

TEST(PthreadName, Works) {
  works([] {
    char name[16] = {};
    std::thread worker([&] {
      EXPECT_EQ(pthread_setname_np(pthread_self(), "worker"), 0);
      EXPECT_EQ(pthread_getname_np(pthread_self(), name, sizeof name), 0);
    });
    worker.join();
    EXPECT_EQ(std::string(name), "worker");
  });
}
TEST(PthreadName, IsThatOfTheStarterAtFirst) {
  works([] {
    auto name = [] {
      char text[16] = {};
      EXPECT_EQ(prctl(PR_GET_NAME, text), 0);
      return std::string(text);
    };
    const std::string before = name();
    EXPECT_FALSE(before.empty());
    std::thread starter([&] {
      EXPECT_EQ(prctl(PR_SET_NAME, "longer than fifteen"), 0);
      std::thread started([&] {
        EXPECT_EQ(name(), "longer than fif");
        pthread_setname_np(pthread_self(), "other");
        EXPECT_EQ(name(), "other");
      });
      started.join();
      EXPECT_EQ(name(), "longer than fif");
    });
    starter.join();
    EXPECT_EQ(name(), before);
    if (explores()) prctl(PR_SET_NAME, "left");
  });
}
TEST(PthreadName, BrokenIsCaught) {
  is_caught(
      [] {
        static char name[16];
        auto rename = [](char letter) {
          name[0] = letter;  // BUG: one buffer for both
          pthread_setname_np(pthread_self(), name);
        };
        std::thread a(rename, 'a'), b(rename, 'b');
        a.join();
        b.join();
      },
      Kind::data_race);
}

}  // namespace
}  // namespace racecourse::conformance
