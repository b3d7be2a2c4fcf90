#include "programs.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <exception>
#include <future>
#include <memory>
#include <mutex>
#include <random>
#include <semaphore>
#include <sstream>
#include <stop_token>
#include <string>
#include <thread>
#include <unordered_set>

namespace racecourse::programs {
namespace {
using namespace std::chrono_literals;

template <class Work>
void two_threads(Work work) {
  std::thread a(work, 1), b(work, 2);
  a.join();
  b.join();
}

void mutex() {
  std::mutex mutex;
  int count = 0;
  two_threads([&](int) {
    for (int i = 0; i < 3; ++i) {
      std::lock_guard lock(mutex);
      ++count;
    }
  });
}

void race() {
  int count = 0;
  two_threads([&](int) { ++count; });
}

// Which waiter a notify wakes is a question of its own.
void notify_one_of_three() {
  std::mutex mutex;
  std::condition_variable changed;
  int tokens = 0;
  auto take = [&] {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return tokens > 0; });
    --tokens;
  };
  std::thread a(take), b(take), c(take);
  for (int i = 0; i < 3; ++i) {
    std::lock_guard lock(mutex);
    ++tokens;
    changed.notify_one();
  }
  a.join();
  b.join();
  c.join();
}

void timeouts() {
  std::mutex mutex;
  std::condition_variable_any ready;
  std::stop_source source;
  bool flag = false;
  std::thread setter([&] {
    std::lock_guard lock(mutex);
    flag = true;
    ready.notify_all();
  });
  {
    std::unique_lock lock(mutex);
    ready.wait_for(lock, source.get_token(), 1ms, [&] { return flag; });
  }
  setter.join();
}

void sleeps() {
  auto start = std::chrono::steady_clock::now();
  std::atomic<long> woke{0};
  two_threads([&](int me) {
    std::this_thread::sleep_for(std::chrono::milliseconds(me));
    woke += (std::chrono::steady_clock::now() - start).count() % 1000;
  });
}

void atomic_wait() {
  std::atomic<int> value{0};
  std::thread waiter([&] { value.wait(0); });
  value = 1;
  value.notify_one();
  waiter.join();
}

// A byte sleeps on a proxy in a table of the library, which is picked by address.
void proxy_wait() {
  auto value = std::make_unique<std::atomic<char>>(0);
  std::thread waiter([&] { value->wait(0); });
  *value = 1;
  value->notify_one();
  waiter.join();
}

void semaphore() {
  std::counting_semaphore<> permits(1);
  two_threads([&](int) {
    if (permits.try_acquire()) permits.release();
  });
}

void futures() {
  std::promise<std::string> promise;
  auto task = std::async(std::launch::async, [&] { return promise.get_future().get().size(); });
  promise.set_value("long enough to be kept outside the string itself");
  task.get();
}

thread_local std::string mine = "a thread's own string, kept on the heap as well";
void thread_locals() {
  two_threads([](int me) {
    mine[0] = static_cast<char>('0' + me);
    std::this_thread::yield();
  });
}

void exceptions() {
  two_threads([](int me) {
    try {
      throw std::to_string(me);
    } catch (const std::string&) {
      std::this_thread::yield();
    }
  });
}

void streams() {
  std::mutex mutex;
  std::ostringstream out;
  two_threads([&](int me) {
    std::lock_guard lock(mutex);
    out << "thread " << me << ' ' << 1.5 * me << '\n';
  });
}

// The order of a hash set of pointers is the order of addresses.
void addresses() {
  std::vector<std::unique_ptr<int>> owners;
  std::unordered_set<int*> pointers;
  for (int i = 0; i < 20; ++i) {
    owners.push_back(std::make_unique<int>(i));
    pointers.insert(owners.back().get());
  }
  std::atomic<int> odd{0};
  two_threads([&](int) {
    for (int* pointer : pointers) {
      if (*pointer % 2 != 0) odd.fetch_add(1);
      if (*pointer == 7) break;
    }
  });
}

void randomness() {
  std::atomic<unsigned> steps{0};
  two_threads([&](int) {
    for (unsigned left = std::rand() % 4 + std::random_device{}() % 4; left > 0; --left) ++steps;
  });
}

std::unique_ptr<std::vector<int>> kept;
int executions = 0;
// What an execution leaves behind must be gone in the next one.
void leftovers() {
  if (executions++ != 0 || kept) std::abort();
  kept = std::make_unique<std::vector<int>>(100, 1);
  two_threads([](int) {
    static std::atomic<int> visits{0};
    if (visits++ > 1) std::abort();
  });
}

}  // namespace

const std::vector<Program>& all() {
  static const std::vector<Program> programs = {
      {"mutex", mutex},
      {"race", race},
      {"notify_one_of_three", notify_one_of_three},
      {"timeouts", timeouts},
      {"sleeps", sleeps},
      {"atomic_wait", atomic_wait},
      {"proxy_wait", proxy_wait},
      {"semaphore", semaphore},
      {"futures", futures},
      {"thread_locals", thread_locals},
      {"exceptions", exceptions},
      {"streams", streams},
      {"addresses", addresses},
      {"randomness", randomness},
      {"leftovers", leftovers},
  };
  return programs;
}

}  // namespace racecourse::programs
