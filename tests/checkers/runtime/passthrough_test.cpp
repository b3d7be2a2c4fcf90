// Outside an exploration every interposed function is the original: real threads, real time. Each check runs before and
// after an exploration in the same process.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/futex.h>
#include <mqueue.h>
#include <pthread.h>
#include <racecourse/checkers/explore.h>
#include <semaphore.h>
#include <sys/sem.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <threads.h>
#include <unistd.h>

#include <atomic>
#include <barrier>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <ctime>
#include <future>
#include <latch>
#include <mutex>
#include <random>
#include <semaphore>
#include <set>
#include <shared_mutex>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace racecourse {
namespace {
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// Long enough to be told from no wait at all, short enough not to be noticed.
constexpr auto kNap = 10ms;

template <class Work>
void threads(int count, Work work) {
  std::vector<std::thread> running;
  for (int i = 0; i < count; ++i) running.emplace_back(work, i);
  for (std::thread& thread : running) thread.join();
}

template <class Work>
Clock::duration time_of(Work work) {
  const auto start = Clock::now();
  work();
  return Clock::now() - start;
}

// Threads of the kernel: each has an id of its own, and they run at the same time.
void threads_are_real() {
  std::mutex mutex;
  std::set<long> ids;
  std::latch all_started(4);
  threads(4, [&](int) {
    all_started.arrive_and_wait();
    std::lock_guard lock(mutex);
    ids.insert(syscall(SYS_gettid));
  });
  EXPECT_EQ(ids.size(), 4u);
  EXPECT_EQ(ids.count(syscall(SYS_gettid)), 0u);
}

void mutexes_exclude() {
  std::mutex plain;
  std::recursive_mutex recursive;
  std::shared_mutex shared;
  std::timed_mutex timed;
  pthread_spinlock_t spin;
  pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
  int counts[5] = {};
  threads(4, [&](int) {
    for (int i = 0; i < 1000; ++i) {
      (plain.lock(), ++counts[0], plain.unlock());
      (recursive.lock(), recursive.lock(), ++counts[1], recursive.unlock(), recursive.unlock());
      (shared.lock(), ++counts[2], shared.unlock());
      (timed.lock(), ++counts[3], timed.unlock());
      (pthread_spin_lock(&spin), ++counts[4], pthread_spin_unlock(&spin));
      std::shared_lock reader(shared);
      EXPECT_GE(counts[2], 0);
    }
  });
  for (int count : counts) EXPECT_EQ(count, 4000);
  timed.lock();
  std::thread other([&] {
    EXPECT_FALSE(timed.try_lock());
    EXPECT_GE(time_of([&] { EXPECT_FALSE(timed.try_lock_for(kNap)); }), kNap);
  });
  other.join();
  timed.unlock();
  pthread_spin_destroy(&spin);
}

void conditions_wait() {
  std::mutex mutex;
  std::condition_variable changed;
  int turn = 0;
  threads(2, [&](int me) {
    for (int i = 0; i < 100; ++i) {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return turn == me; });
      turn = 1 - me;
      changed.notify_one();
    }
  });
  std::unique_lock lock(mutex);
  EXPECT_GE(time_of([&] { EXPECT_EQ(changed.wait_for(lock, kNap), std::cv_status::timeout); }), kNap);
  std::condition_variable_any never;
  std::stop_source source;
  std::jthread stopper([&] { source.request_stop(); });
  EXPECT_FALSE(never.wait(lock, source.get_token(), [] { return false; }));
}

void futexes_wait() {
  std::atomic<int> value{0};
  std::thread waiter([&] { value.wait(0); });
  value = 1;
  value.notify_one();
  waiter.join();
  int word = 7;
  EXPECT_EQ(syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 8, nullptr, nullptr, 0), -1);
  EXPECT_EQ(errno, EAGAIN);
  EXPECT_EQ(syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0), 0);
  timespec nap{0, std::chrono::nanoseconds(kNap).count()};
  EXPECT_GE(time_of([&] { EXPECT_EQ(syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 7, &nap, nullptr, 0), -1); }), kNap);
}

void semaphores_latches_and_barriers_wait() {
  std::binary_semaphore ping(0), pong(0);
  sem_t items;
  sem_init(&items, 0, 0);
  std::barrier barrier(2);
  pthread_barrier_t pthread_barrier;
  pthread_barrier_init(&pthread_barrier, nullptr, 2);
  int turns = 0;
  std::atomic<int> serial{0};
  threads(2, [&](int me) {
    for (int i = 0; i < 100; ++i) {
      (me == 0 ? ping : pong).release();
      (me == 0 ? pong : ping).acquire();
      if (me == 0) sem_post(&items);
      if (me == 1) sem_wait(&items);
      barrier.arrive_and_wait();
      if (me == 0) ++turns;
      if (pthread_barrier_wait(&pthread_barrier) == PTHREAD_BARRIER_SERIAL_THREAD) ++serial;
    }
  });
  EXPECT_EQ(turns, 100);
  EXPECT_EQ(serial, 100);
  EXPECT_EQ(sem_trywait(&items), -1);
  EXPECT_GE(time_of([&] { EXPECT_FALSE(ping.try_acquire_for(kNap)); }), kNap);
  sem_destroy(&items);
  pthread_barrier_destroy(&pthread_barrier);
}

void futures_resolve() {
  auto task = std::async(std::launch::async, [] { return 1; });
  std::promise<int> promise;
  std::thread producer([&] { promise.set_value_at_thread_exit(2); });
  EXPECT_EQ(task.get() + promise.get_future().get(), 3);
  producer.join();
  std::promise<int> failing;
  failing.set_exception(std::make_exception_ptr(std::runtime_error("no value")));
  EXPECT_THROW(failing.get_future().get(), std::runtime_error);
}

// The counters are compared as differences: the checks run twice in one process.
std::atomic<int> once_calls{0}, constructed{0}, destroyed{0}, key_destroyed{0};
struct Tracked {
  Tracked() { ++constructed; }
  ~Tracked() { ++destroyed; }
  std::string text = "a text too long to be kept inside the string itself";
};
thread_local Tracked tracked;

void once_and_thread_locals_work() {
  const int calls = once_calls, born = constructed, died = destroyed, keys = key_destroyed;
  std::once_flag once;
  pthread_key_t key;
  pthread_key_create(&key, [](void*) { ++key_destroyed; });
  threads(4, [&](int me) {
    std::call_once(once, [] { ++once_calls; });
    tracked.text[0] = static_cast<char>('0' + me);
    pthread_setspecific(key, &key);
    std::this_thread::yield();
    EXPECT_EQ(tracked.text[0], '0' + me);
  });
  pthread_key_delete(key);
  EXPECT_EQ(once_calls - calls, 1);
  EXPECT_EQ(constructed - born, 4);
  EXPECT_EQ(destroyed - died, 4);
  EXPECT_EQ(key_destroyed - keys, 4);
}

void pthread_and_c11_threads_work() {
  pthread_t thread;
  int handed_over = 0;
  void* result = nullptr;
  pthread_create(
      &thread, nullptr,
      [](void* argument) -> void* {
        pthread_setname_np(pthread_self(), "passing");
        pthread_exit(argument);
      },
      &handed_over);
  EXPECT_EQ(pthread_join(thread, &result), 0);
  EXPECT_EQ(result, &handed_over);
  EXPECT_EQ(pthread_join(pthread_self(), nullptr), EDEADLK);
  thrd_t c11_thread;
  int code = 0;
  mtx_t mutex;
  mtx_init(&mutex, mtx_plain);
  thrd_create(
      &c11_thread, [](void* argument) { return mtx_trylock(static_cast<mtx_t*>(argument)) == thrd_success ? 5 : 6; },
      &mutex);
  EXPECT_EQ(thrd_join(c11_thread, &code), thrd_success);
  EXPECT_EQ(code, 5);
}

// What is made outside an execution is not removed by one.
int made_before = -1;

void queues_of_the_system_wait() {
  const int set = semget(IPC_PRIVATE, 1, 0600);
  const std::string name = "/racecourse-" + std::to_string(getpid());
  const mqd_t queue = mq_open(name.c_str(), O_RDWR | O_CREAT | O_EXCL, 0600, nullptr);
  ASSERT_NE(queue, -1);
  EXPECT_EQ(mq_unlink(name.c_str()), 0);
  std::thread giver([&] {
    std::this_thread::sleep_for(kNap);
    sembuf give{0, 1, 0};
    EXPECT_EQ(semop(set, &give, 1), 0);
    std::this_thread::sleep_for(kNap);
    EXPECT_EQ(mq_send(queue, "text", 4, 0), 0);
  });
  sembuf take{0, -1, 0};
  EXPECT_GE(time_of([&] { EXPECT_EQ(semop(set, &take, 1), 0); }), kNap / 2);
  std::vector<char> message(8192);
  EXPECT_EQ(mq_receive(queue, message.data(), message.size(), nullptr), 4);
  giver.join();
  const timespec short_time{0, 10'000'000};
  EXPECT_GE(time_of([&] { EXPECT_EQ(semtimedop(set, &take, 1, &short_time), -1); }), kNap);
  EXPECT_EQ(mq_close(queue), 0);
  if (made_before != -1) {
    EXPECT_EQ(semctl(made_before, 0, IPC_RMID), 0);
  }
  made_before = set;
}

void time_is_real() {
  EXPECT_GE(time_of([] { std::this_thread::sleep_for(kNap); }), kNap);
  EXPECT_GE(time_of([] { usleep(10'000); }), kNap);
  timespec kernel, library;
  syscall(SYS_clock_gettime, CLOCK_REALTIME, &kernel);
  clock_gettime(CLOCK_REALTIME, &library);
  timeval wall;
  gettimeofday(&wall, nullptr);
  EXPECT_LE(library.tv_sec - kernel.tv_sec, 5);
  EXPECT_GE(library.tv_sec, kernel.tv_sec);
  EXPECT_LE(wall.tv_sec - kernel.tv_sec, 5);
  EXPECT_LE(time(nullptr) - kernel.tv_sec, 5);
}

// Seeding, or not, works as in any program; the kernel's randomness is not repeated.
void randomness_is_real() {
  std::srand(1);
  const int first = std::rand();
  std::srand(1);
  EXPECT_EQ(std::rand(), first);
  std::random_device device;
  std::set<unsigned> drawn;
  for (int i = 0; i < 8; ++i) drawn.insert(device());
  EXPECT_GT(drawn.size(), 4u);
}

void everything() {
  threads_are_real();
  mutexes_exclude();
  conditions_wait();
  futexes_wait();
  semaphores_latches_and_barriers_wait();
  futures_resolve();
  once_and_thread_locals_work();
  pthread_and_c11_threads_work();
  queues_of_the_system_wait();
  time_is_real();
  randomness_is_real();
}

TEST(Passthrough, BeforeAndAfterAnExploration) {
  {
    SCOPED_TRACE("before");
    everything();
  }
  int from_outside = 1;
  Options options;
  options.executions = 500;
  explore(
      [&] {
        std::mutex mutex;
        threads(2, [&](int) {
          std::lock_guard lock(mutex);
          ++from_outside;
          std::this_thread::sleep_for(1h);
        });
        EXPECT_EQ(from_outside, 3);
      },
      options);
  EXPECT_EQ(from_outside, 1);
  {
    SCOPED_TRACE("after");
    everything();
  }
  EXPECT_EQ(semctl(made_before, 0, IPC_RMID), 0);
  made_before = -1;
}

// What a body does stays in its worker, threads and all.
TEST(Passthrough, ABodyDoesNotReachOutside) {
  std::atomic<int> outside{0};
  const Verdict verdict = search([&] {
    std::thread a([&] { ++outside; }), b([&] { ++outside; });
    a.join();
    b.join();
  });
  EXPECT_EQ(verdict.state, State::not_found);
  EXPECT_EQ(outside, 0);
  threads(2, [&](int) { ++outside; });
  EXPECT_EQ(outside, 2);
}

}  // namespace
}  // namespace racecourse
