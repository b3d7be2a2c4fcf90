// Linearizability by trying: what threads did at the same time must be what they could have done one after the other.
//
//   History<Call> history(threads);
//   history.record(thread, [&] { return Call{.item = queue.try_get()}; });       // in each thread
//   assert(history.explained_by(model));                                         // when all have ended
//
// A model is a value with `bool accepts(const Call& call, bool overlapped)`: whether the call may have had its result
// now, and if so the model is changed by it. `overlapped`: some other call was under way at the same time; for
// contracts that are weaker then.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace racecourse::catalogue {

// Fit for about a dozen calls: all orders are tried, in the worst case.
template <class Call>
class History {
 public:
  explicit History(std::size_t threads) : threads_(threads) {}

  // Of one thread, only one call at a time.
  template <class Perform>
  void record(std::size_t thread, const Perform& perform) {
    // relaxed: tells the time and orders nothing else, or the check would hide the races that it looks for.
    const std::uint64_t began = now_.fetch_add(1, std::memory_order_relaxed);
    Call call = perform();
    const std::uint64_t ended = now_.fetch_add(1, std::memory_order_relaxed);
    threads_[thread].push_back({std::move(call), began, ended});
  }

  // Whether there is an order of all calls in which the model accepts each, and in which a call that ended before
  // another began comes before it.
  template <class Model>
  bool explained_by(const Model& model) const {
    std::vector<std::size_t> done(threads_.size());
    return explained_from(model, done);
  }

 private:
  struct Recorded {
    Call call;
    std::uint64_t began, ended;
  };

  template <class Model>
  bool explained_from(const Model& model, std::vector<std::size_t>& done) const {
    bool all_done = true;
    for (std::size_t thread = 0; thread < threads_.size(); thread++) {
      if (done[thread] == threads_[thread].size()) continue;
      all_done = false;
      const Recorded& next = threads_[thread][done[thread]];
      if (must_wait(next, done)) continue;
      Model after = model;
      if (!after.accepts(next.call, overlapped(thread, next))) continue;
      done[thread]++;
      if (explained_from(after, done)) return true;
      done[thread]--;
    }
    return all_done;
  }

  // Some call that has no place yet ended before this one began.
  bool must_wait(const Recorded& next, const std::vector<std::size_t>& done) const {
    for (std::size_t thread = 0; thread < threads_.size(); thread++) {
      if (done[thread] < threads_[thread].size() && threads_[thread][done[thread]].ended < next.began) return true;
    }
    return false;
  }

  bool overlapped(std::size_t own, const Recorded& call) const {
    for (std::size_t thread = 0; thread < threads_.size(); thread++) {
      if (thread == own) continue;
      for (const Recorded& other : threads_[thread]) {
        if (other.began < call.ended && call.began < other.ended) return true;
      }
    }
    return false;
  }

  std::vector<std::vector<Recorded>> threads_;
  std::atomic<std::uint64_t> now_{0};
};

}  // namespace racecourse::catalogue
