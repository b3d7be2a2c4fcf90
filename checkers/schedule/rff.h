// After RFF: Wolff, Shi, Duck, Mathur, Roychoudhury, "Greybox Fuzzing for Concurrency Testing", ASPLOS 2024.
//
// Each execution wishes for a few reads-from pairs: that this place reads what that place has written. They are drawn
// from those that earlier ones showed, rare ones rather than frequent ones, and from those that could be by what was
// seen of the object. A thread whose next operation is at the wished-for reader waits until the wished-for writer was
// the last to write the object, and then comes first; while that is so, whoever would overwrite it waits. All else
// happens in the order of random priorities, as in POS. So a bug that shows when a few reads see certain writes needs
// about as many executions as there are ways to combine them, however many threads and other operations there are.
//
// Guarantee: none.
//
// Deviations: RFF keeps a corpus of schedules and mutates their constraints; here each execution draws its own, from
// the pairs that are known at the start of the batch. A wish that cannot come true, because all others wait for
// something, is given up. A compare-exchange is taken to write, a lock that is found closed to be taken. A pending
// timeout may fire before all threads are blocked.
#pragma once

#include <racecourse/checkers/schedule/event_priorities.h>
#include <racecourse/checkers/schedule/experience.h>

#include <array>
#include <cstddef>

namespace racecourse::schedule {

class Rff final : public Strategy {
 public:
  std::string_view name() const override { return "rff"; }
  void begin(std::uint64_t execution, std::uint64_t seed, const Learnt& learnt) override;
  Choice choose(const View& view) override;
  std::uint32_t pick(std::uint32_t n) override { return random_.below(n); }
  bool watches() const override { return true; }
  Place* places() override { return places_.data(); }
  void started(int thread, int) override {
    priorities_.redraw(thread);
    alone_ = false;
  }

 private:
  static constexpr std::uint32_t kMostWishes = 8;
  static constexpr std::uint32_t kMaxKnown = 512;
  static constexpr std::uint32_t kMaxPairs = 2 * kMaxKnown;
  static constexpr std::uint32_t kNotListed = 0xffffffff;

  struct Wish {
    Place reader;
    Place writer;
    std::uint64_t object;
    Place last;  // who wrote the object last
    bool open;
  };
  // What the wishes say of a thread.
  enum class Call : std::uint8_t { free, waits, now };

  void list_pairs(const ReadsFromTable& known);
  void add_unseen();
  std::ptrdiff_t pairs_of(Place reader) const;
  void make_wishes();
  const ReadsFromTable::Entry& draw_pair();
  bool concerns(const Wish& wish, const Pending& pending) const;
  bool reads(const Wish& wish, int thread, const Pending& pending) const;
  Call call(int thread, const Pending& pending) const;
  // Gives up what makes the thread wait.
  void release(int thread, const Pending& pending);
  void happens(int thread, const Pending& pending);
  int next_of(const View& view);

  Random random_;
  EventPriorities priorities_;
  std::array<Place, 256> places_{};  // filled by the runtime

  // Of the batch: pairs whose reader could read from several writers, seen or not.
  std::uint32_t listed_ = kNotListed;  // after so many boundaries
  std::uint32_t pair_count_ = 0;
  std::array<ReadsFromTable::Entry, kMaxPairs> pairs_{};

  // Of the execution.
  std::uint32_t wish_count_ = 0;
  std::array<Wish, kMostWishes> wishes_{};
  Pending executed_;
  bool alone_ = true;  // the body has started nobody yet
};

}  // namespace racecourse::schedule
