#include <racecourse/tests/bench/search_programs.h>

#include <array>
#include <atomic>
#include <cassert>
#include <cstddef>
#include <mutex>
#include <thread>
#include <vector>

namespace racecourse::bench {
namespace {

void join_all(std::vector<std::thread>& threads) {
  for (std::thread& thread : threads) thread.join();
}

// Setters write a, then b, both plain; the checker must never see the one without the other. It does if it comes
// between the two writes of the first setters, before any setter is through.
template <int kSetters>
void reorder() {
  int a = 0, b = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kSetters; ++i)
    threads.emplace_back([&] {
      a = 1;
      b = -1;
    });
  threads.emplace_back([&] {
    const int seen_a = a;
    const int seen_b = b;
    assert((seen_a == 0 && seen_b == 0) || (seen_a == 1 && seen_b == -1));
  });
  join_all(threads);
}

// Two values under a lock each; the second is to follow from the first. Writers set them in two stages, and the reader
// must not come between the stages of the first writer.
template <int kThreads>
void twostage() {
  std::mutex first_mutex, second_mutex;
  int first = 0, second = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads - 1; ++i)
    threads.emplace_back([&] {
      {
        const std::lock_guard lock(first_mutex);
        first = 1;
      }
      const std::lock_guard lock(second_mutex);
      second = 2;
    });
  threads.emplace_back([&] {
    int seen = 0;
    {
      const std::lock_guard lock(first_mutex);
      seen = first;
    }
    if (seen == 0) return;
    const std::lock_guard lock(second_mutex);
    assert(second == seen + 1);
  });
  join_all(threads);
}

// A work-stealing queue: its owner pushes and pops at the tail without a lock, thieves take from the head under one.
// The owner looks at the head before it announces by the tail that it takes the last item: both may get it.
class WorkStealingQueue {
 public:
  void push(int item) {
    const int tail = tail_.load();
    items_[static_cast<std::size_t>(tail)].store(item);
    tail_.store(tail + 1);
  }
  int pop() {
    const int tail = tail_.load() - 1;
    if (head_.load() > tail) return kNone;
    tail_.store(tail);
    return items_[static_cast<std::size_t>(tail)].load();
  }
  int steal() {
    const std::lock_guard lock(thieves_);
    const int head = head_.load();
    head_.store(head + 1);
    if (head + 1 > tail_.load()) {
      head_.store(head);
      return kNone;
    }
    return items_[static_cast<std::size_t>(head)].load();
  }
  static constexpr int kNone = -1;

 private:
  std::mutex thieves_;
  std::atomic<int> head_{0}, tail_{0};
  std::array<std::atomic<int>, 8> items_{};
};

void work_stealing_queue() {
  WorkStealingQueue queue;
  std::array<std::atomic<int>, 4> taken{};
  const auto note = [&](int item) {
    if (item != WorkStealingQueue::kNone) assert(taken[static_cast<std::size_t>(item)].fetch_add(1) == 0);
  };
  std::thread thief([&] {
    for (int i = 0; i < 3; ++i) note(queue.steal());
  });
  for (int item = 0; item < 4; ++item) queue.push(item);
  for (int i = 0; i < 3; ++i) note(queue.pop());
  thief.join();
}

// Vyukov's SafeStack: a lock-free stack of array indices. Whoever pops takes the link out of the top element first, so
// that nobody else can pop it, and puts it back if the top has changed; a pop is refused when one element is left. With
// three elements and three threads that pop and push twice, an element can come to belong to two of them. Much sooner a
// link is put back that no longer holds, and an element is lost: then pops find nothing for ever, which is passed over
// here, because those who published figures count the other only.
class SafeStack {
 public:
  SafeStack() {
    for (int i = 0; i < kSize - 1; ++i) next_[static_cast<std::size_t>(i)].store(i + 1);
    next_[kSize - 1].store(-1);
  }
  int pop() {
    while (count_.load() > 1) {
      int top = head_.load();
      const int next = next_[static_cast<std::size_t>(top)].exchange(-1);
      if (next < 0) continue;
      if (head_.compare_exchange_strong(top, next)) {
        count_.fetch_sub(1);
        return top;
      }
      next_[static_cast<std::size_t>(top)].exchange(next);
    }
    return -1;
  }
  void push(int index) {
    int top = head_.load();
    do {
      next_[static_cast<std::size_t>(index)].store(top);
    } while (!head_.compare_exchange_strong(top, index));
    count_.fetch_add(1);
  }
  static constexpr int kSize = 3;

 private:
  std::atomic<int> head_{0}, count_{kSize};
  std::array<std::atomic<int>, kSize> next_;
};

void safestack() {
  SafeStack stack;
  std::array<std::atomic<int>, SafeStack::kSize> owner{};
  const auto take_and_return = [&](int me) {
    for (int round = 0; round < 2; ++round) {
      int index;
      while ((index = stack.pop()) < 0) {
      }
      auto& mine = owner[static_cast<std::size_t>(index)];
      mine.store(me);
      assert(mine.load() == me);
      stack.push(index);
    }
  };
  std::thread a(take_and_return, 1), b(take_and_return, 2), c(take_and_return, 3);
  a.join();
  b.join();
  c.join();
}

// A ring of nine places for one producer and one consumer that lets ten items in: the tenth overwrites the oldest.
class Ring {
 public:
  void push(int item) {
    while (tail_.load() - head_.load() > kPlaces) std::this_thread::yield();
    places_[tail_.load() % kPlaces].store(item);
    tail_.fetch_add(1);
  }
  int pop() {
    while (tail_.load() == head_.load()) std::this_thread::yield();
    const int item = places_[head_.load() % kPlaces].load();
    head_.fetch_add(1);
    return item;
  }

 private:
  static constexpr std::size_t kPlaces = 9;
  std::atomic<std::size_t> head_{0}, tail_{0};
  std::array<std::atomic<int>, kPlaces> places_{};
};

void ten_items_in_flight() {
  Ring ring;
  constexpr int kItems = 12;
  std::thread producer([&] {
    for (int i = 0; i < kItems; ++i) ring.push(i);
  });
  for (int i = 0; i < kItems; ++i) assert(ring.pop() == i);
  producer.join();
}

}  // namespace

const std::vector<SearchProgram>& search_programs() {
  static const std::vector<SearchProgram> programs = {
      {"reorder_10", reorder<10>, Kind::assertion, {Kind::data_race}},
      {"reorder_100", reorder<100>, Kind::assertion, {Kind::data_race}},
      {"twostage_100", twostage<100>, Kind::assertion, {}},
      {"work_stealing_queue", work_stealing_queue, Kind::assertion, {}},
      {"safestack", safestack, Kind::assertion, {Kind::non_termination, Kind::livelock}, 500},
      {"ten_items_in_flight", ten_items_in_flight, Kind::assertion, {}},
  };
  return programs;
}

}  // namespace racecourse::bench
