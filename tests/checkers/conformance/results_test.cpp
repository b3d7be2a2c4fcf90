// What calls hand back through their caller's pointers: another thread that touches it at the same time races.
#include <pthread.h>
#include <semaphore.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <threads.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "touched.h"

namespace racecourse::conformance {
namespace {

void* end_at_once(void* argument) { return argument; }

void* read_id(void* id) {
  keep(*static_cast<pthread_t*>(id));  // BUG: it may not be there yet
  return nullptr;
}
TEST(PthreadCreateId, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer does not see what pthread_create() writes");
  is_caught(
      [] {
        pthread_t first, second = 0;
        pthread_create(&first, nullptr, read_id, &second);
        pthread_create(&second, nullptr, end_at_once, nullptr);
        pthread_join(first, nullptr);
        pthread_join(second, nullptr);
      },
      Kind::data_race);
}
void* expect_own_id(void* id) {
  EXPECT_TRUE(pthread_equal(*static_cast<pthread_t*>(id), pthread_self()));
  return nullptr;
}
// The C library has written a thread's own id before the thread runs.
TEST(PthreadCreateId, Works) {
  works([] {
    static pthread_t own;
    pthread_create(&own, nullptr, expect_own_id, &own);
    pthread_join(own, nullptr);
    std::thread thread;
    thread = std::thread([] {});
    EXPECT_NE(thread.get_id(), std::thread::id());
    thread.join();
  });
}

TEST(PthreadJoinResult, BrokenIsCaught) {
  fills(
      [](Memory& memory) {
        pthread_t thread;
        pthread_create(&thread, nullptr, end_at_once, nullptr);
        pthread_join(thread, memory.as<void*>());
      },
      sizeof(void*));
}
TEST(ThrdJoinResult, BrokenIsCaught) {
  fills(
      [](Memory& memory) {
        thrd_t thread;
        thrd_create(
            &thread, [](void*) { return 1; }, nullptr);
        thrd_join(thread, memory.as<int>());
      },
      sizeof(int));
}
TEST(SemGetvalueResult, BrokenIsCaught) {
  fills(
      [](Memory& memory) {
        sem_t semaphore;
        sem_init(&semaphore, 0, 1);
        sem_getvalue(&semaphore, memory.as<int>());
        sem_destroy(&semaphore);
      },
      sizeof(int));
}

TEST(ClockResult, BrokenIsCaught) {
  fills([](Memory& memory) { clock_gettime(CLOCK_MONOTONIC, memory.as<timespec>()); }, sizeof(timespec));
  fills([](Memory& memory) { gettimeofday(memory.as<timeval>(), nullptr); }, sizeof(timeval));
  fills([](Memory& memory) { timespec_get(memory.as<timespec>(), TIME_UTC); }, sizeof(timespec));
  fills([](Memory& memory) { std::time(memory.as<std::time_t>()); }, sizeof(std::time_t));
}

TEST(FileResult, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer has interceptors of few of them");
  fills([](Memory& memory) { EXPECT_EQ(readlink("/proc/self/fd/0", memory.bytes, 2), 2); }, 2);
  const auto shared = [](const auto& call) {
    is_caught(
        [call] {
          const auto information = std::make_unique<struct stat>();
          std::thread a([&] { EXPECT_EQ(call(information.get()), 0); });
          std::thread b([&] { keep(information->st_size); });  // BUG: no order
          a.join();
          b.join();
        },
        Kind::data_race);
  };
  shared([](struct stat* information) { return stat("/", information); });
  shared([](struct stat* information) { return fstat(0, information); });
}

// The line that it allocates, and the pointer to it.
TEST(GetlineResult, BrokenIsCaught) {
  fills(
      [](Memory& memory) {
        std::FILE* file = std::fopen("/proc/self/stat", "r");
        std::size_t size = 0;
        EXPECT_GT(getline(memory.as<char*>(), &size, file), 0);
        std::free(*memory.as<char*>());
        std::fclose(file);
      },
      sizeof(char*));
}

// rand() has a lock in the C library, this family has none.
TEST(Drand48, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer does not know of the variables of the C library");
  const Use draws[] = {[](Memory&) { keep(drand48()); }, [](Memory&) { keep(lrand48()); },
                       [](Memory&) { keep(mrand48()); }, [](Memory&) { srand48(1); }};
  for (const Use& use : draws) {
    works(both(use, use, true));
    is_caught(both(use, use, false), Kind::data_race);
  }
}

}  // namespace
}  // namespace racecourse::conformance
