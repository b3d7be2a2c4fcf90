// A sequence lock: the writer makes a counter odd, writes, and makes it even again; a reader copies the data and looks
// at the counter before and after. Readers never write, and never keep the writer waiting. With the alias header's
// types, so that Relacy can run it too.
//
// One writer. The textbook form has fences between data and counter; ThreadSanitizer does not know fences, so the
// orders stand at the data itself, as in section 5 of Boehm's paper.
#pragma once

#include <racecourse/primitives/sync/sync.h>

#include <atomic>

namespace racecourse::seqlock {

struct Time {
  int hours, minutes;
};

// The hands of the clock: what the counter protects.
template <std::memory_order store_order, std::memory_order load_order>
class AtomicHands {
 public:
  void set(Time time) {
    hours_.store(time.hours, store_order);  // release: who sees this sees the odd counter too
    minutes_.store(time.minutes, store_order);
  }
  Time get() const {
    const int hours = hours_.load(load_order);  // acquire: the second look at the counter is not older than this
    const int minutes = minutes_.load(load_order);
    return {hours, minutes};
  }

 private:
  sync::atomic<int> hours_{0}, minutes_{0};
};

template <class Int>
class PlainHands {
 public:
  void set(Time time) {
    hours_ = time.hours;  // BUG: read while it is written
    minutes_ = time.minutes;
  }
  Time get() const {
    const int hours = hours_;
    const int minutes = minutes_;
    return {hours, minutes};
  }

 private:
  Int hours_{0}, minutes_{0};
};

template <class Hands>
class Clock {
 public:
  void set(Time time) {
    const int before = counter_.load(std::memory_order_relaxed);  // relaxed: only this thread writes it
    counter_.store(before + 1, std::memory_order_relaxed);        // relaxed: the hands' own stores carry it
    hands_.set(time);
    counter_.store(before + 2, std::memory_order_release);  // release: pairs with the acquire in get()
  }

  // False if the writer came between; try again.
  bool get(Time& time) const {
    const int before = counter_.load(std::memory_order_acquire);  // acquire: the hands are not older than this
    time = hands_.get();
    return before % 2 == 0 && counter_.load(std::memory_order_relaxed) == before;
  }

 protected:
  sync::atomic<int> counter_{0};
  Hands hands_;
};

using Ordered = Clock<AtomicHands<std::memory_order_release, std::memory_order_acquire>>;
using RelaxedHands = Clock<AtomicHands<std::memory_order_relaxed, std::memory_order_relaxed>>;
using Plain = Clock<PlainHands<sync::var<int>>>;
using VolatileHands = Clock<PlainHands<volatile int>>;  // not for Relacy

// "The counter has not changed, so nobody wrote": not if it was odd all the time.
class ForgetsOdd : public Ordered {
 public:
  bool get(Time& time) const {
    const int before = counter_.load(std::memory_order_acquire);
    time = hands_.get();
    return counter_.load(std::memory_order_relaxed) == before;
  }
};

}  // namespace racecourse::seqlock
