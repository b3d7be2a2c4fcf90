#include <racecourse/checkers/detect/lock_order.h>
#include <racecourse/checkers/detect/lock_trace.h>

#include <algorithm>
#include <map>
#include <utility>

namespace racecourse::detect {

namespace {

using Section = LockTrace::Section;

constexpr std::size_t kMostCycles = 4;
constexpr std::size_t kLongest = 8;         // threads in a circle
constexpr std::size_t kMostSteps = 20'000;  // of the search for circles
constexpr std::size_t kMostChecks = 200;    // circles that are looked at
constexpr std::uint32_t kNever = LockTrace::kNever;

// What must have happened: of each thread, its first so many events. Only ever grows.
class Closure {
 public:
  // If `faithful`, all values read are kept, and the order of the sections of each lock.
  Closure(const LockTrace& trace, bool faithful)
      : trace_(trace), faithful_(faithful), threads_(trace.sources.size()), locks_(faithful ? trace.locks.size() : 0) {}

  std::uint32_t count(std::uint16_t thread) const { return threads_[thread].wanted; }
  void require(std::uint16_t thread, std::uint32_t count) {
    if (threads_[thread].wanted >= count) return;
    threads_[thread].wanted = count;
    work_.push_back(thread);
  }
  void settle() {
    while (!work_.empty()) {
      const std::uint16_t thread = work_.back();
      work_.pop_back();
      advance(thread);
    }
  }

 private:
  struct Thread {
    std::uint32_t wanted = 0;
    std::size_t next_source = 0;
    std::size_t next_section = 0;
  };
  struct Lock {
    std::vector<std::uint32_t> open;  // sections begun, and not known to be ended
    std::uint32_t after_any = 0;      // sections below this number came before one that was begun,
    std::uint32_t after_writer = 0;   // before one that was not shared
  };

  void advance(std::uint16_t number) {
    Thread& thread = threads_[number];
    const auto& sources = trace_.sources[number];
    for (; thread.next_source < sources.size(); thread.next_source++) {
      const LockTrace::Source& source = sources[thread.next_source];
      if (source.at >= thread.wanted) break;
      if (faithful_ || !source.memory) require(source.thread, source.event + 1);
    }
    if (!faithful_) return;
    const auto& begun = trace_.begun[number];
    for (; thread.next_section < begun.size(); thread.next_section++) {
      const std::uint32_t section = begun[thread.next_section];
      if (trace_.sections[section].from >= thread.wanted) return;
      begin(section);
    }
  }

  void begin(std::uint32_t number) {
    const Section& section = trace_.sections[number];
    Lock& lock = locks_[section.lock];
    std::erase_if(lock.open, [&](std::uint32_t each) { return is_ended(trace_.sections[each]); });
    for (const std::uint32_t each : lock.open) {
      const Section& open = trace_.sections[each];
      if (open.number < section.number && !(open.shared && section.shared)) end(open);
    }
    if (section.number < (section.shared ? lock.after_writer : lock.after_any)) end(section);
    if (!is_ended(section)) lock.open.push_back(number);
    lock.after_any = std::max(lock.after_any, section.number);
    if (!section.shared) lock.after_writer = std::max(lock.after_writer, section.number);
  }
  bool is_ended(const Section& section) const {
    return section.to != kNever && section.to < threads_[section.thread].wanted;
  }
  void end(const Section& section) { require(section.thread, section.to == kNever ? kNever : section.to + 1); }

  const LockTrace& trace_;
  const bool faithful_;
  std::vector<Thread> threads_;
  std::vector<Lock> locks_;
  std::vector<std::uint16_t> work_;
};

struct LockUse {
  std::uint32_t lock;
  bool shared;
  friend auto operator<=>(const LockUse&, const LockUse&) = default;
};

bool excludes(const LockUse& a, const LockUse& b) { return a.lock == b.lock && !(a.shared && b.shared); }

// The times that a thread took one lock while it held the same others.
struct Pattern {
  std::uint16_t thread;
  LockUse wants;
  std::vector<LockUse> holds;
  std::vector<std::uint32_t> times;  // indices in LockTrace::nested
};

std::vector<Pattern> patterns_of(const LockTrace& trace) {
  std::vector<Pattern> patterns;
  std::map<std::pair<std::uint16_t, std::vector<LockUse>>, std::size_t> known;  // what is wanted comes first
  const auto use = [&](std::uint32_t section) {
    return LockUse{trace.sections[section].lock, trace.sections[section].shared};
  };
  for (std::uint32_t i = 0; i < trace.nested.size(); i++) {
    const LockTrace::Nested& nested = trace.nested[i];
    const std::uint16_t thread = trace.sections[nested.section].thread;
    std::vector<LockUse> uses{use(nested.section)};
    for (const std::uint32_t held : nested.held) uses.push_back(use(held));
    std::sort(uses.begin() + 1, uses.end());
    const auto [entry, is_new] = known.try_emplace({thread, uses}, patterns.size());
    if (is_new) patterns.push_back({thread, uses[0], {uses.begin() + 1, uses.end()}, {}});
    patterns[entry->second].times.push_back(i);
  }
  return patterns;
}

class Search {
 public:
  explicit Search(const LockTrace& trace) : trace_(trace), patterns_(patterns_of(trace)) {}

  std::vector<LockCycle> run() {
    for (first_ = 0; first_ < patterns_.size() && !is_tired(); first_++) {
      path_ = {first_};
      extend();
    }
    std::stable_sort(found_.begin(), found_.end(),
                     [](const LockCycle& a, const LockCycle& b) { return a.certain && !b.certain; });
    if (found_.size() > kMostCycles) found_.resize(kMostCycles);
    return std::move(found_);
  }

 private:
  bool is_tired() const { return steps_ > kMostSteps || checks_ > kMostChecks || found_.size() >= 4 * kMostCycles; }

  // Whether somebody who does the one may wait for somebody who does the other.
  bool waits_for(const Pattern& waiter, const Pattern& holder) const {
    return std::any_of(holder.holds.begin(), holder.holds.end(),
                       [&](const LockUse& held) { return excludes(waiter.wants, held); });
  }
  // Whether both may be done at the same time: different threads, and no lock that keeps them apart.
  bool go_together(const Pattern& a, const Pattern& b) const {
    if (a.thread == b.thread) return false;
    return std::none_of(a.holds.begin(), a.holds.end(), [&](const LockUse& mine) {
      return std::any_of(b.holds.begin(), b.holds.end(), [&](const LockUse& other) { return excludes(mine, other); });
    });
  }

  // The path is a chain of patterns, each waiting for the next; the first one has the lowest number.
  void extend() {
    if (is_tired()) return;
    steps_++;
    const Pattern& last = patterns_[path_.back()];
    if (path_.size() > 1 && waits_for(last, patterns_[first_])) check();
    if (path_.size() == kLongest) return;
    for (std::size_t next = first_ + 1; next < patterns_.size(); next++) {
      const Pattern& pattern = patterns_[next];
      if (!waits_for(last, pattern)) continue;
      if (!std::all_of(path_.begin(), path_.end(), [&](std::size_t i) { return go_together(patterns_[i], pattern); }))
        continue;
      path_.push_back(next);
      extend();
      path_.pop_back();
    }
  }

  void check() {
    checks_++;
    for (const bool certain : {true, false}) {
      std::vector<std::uint32_t> times;
      if (!meet(certain, times)) continue;
      found_.push_back(cycle(times, certain));
      return;
    }
  }

  // The first times at which all can stand before what they want; as in the paper, no time is looked at twice.
  bool meet(bool faithful, std::vector<std::uint32_t>& times) const {
    Closure closure(trace_, faithful);
    std::vector<std::size_t> at(path_.size());
    const auto wanted = [&](std::size_t i) -> const Section& {
      return trace_.sections[trace_.nested[patterns_[path_[i]].times[at[i]]].section];
    };
    for (std::size_t i = 0; i < path_.size(); i++) closure.require(wanted(i).thread, wanted(i).from);
    for (bool settled = false; !settled;) {
      closure.settle();
      settled = true;
      for (std::size_t i = 0; i < path_.size(); i++) {
        for (; closure.count(wanted(i).thread) > wanted(i).from; settled = false) {
          if (++at[i] == patterns_[path_[i]].times.size()) return false;
        }
        closure.require(wanted(i).thread, wanted(i).from);
      }
    }
    for (std::size_t i = 0; i < path_.size(); i++) times.push_back(patterns_[path_[i]].times[at[i]]);
    return true;
  }

  LockCycle cycle(const std::vector<std::uint32_t>& times, bool certain) const {
    LockCycle cycle{{}, certain};
    for (std::size_t i = 0; i < times.size(); i++) {
      const LockTrace::Nested& nested = trace_.nested[times[i]];
      const Section& wanted = trace_.sections[nested.section];
      const LockUse& awaited = patterns_[path_[(i + times.size() - 1) % times.size()]].wants;
      for (const std::uint32_t held : nested.held) {
        const Section& section = trace_.sections[held];
        if (!excludes(awaited, {section.lock, section.shared})) continue;
        cycle.waits.push_back({wanted.thread, trace_.locks[section.lock], trace_.locks[wanted.lock], section.index,
                               wanted.index, nested.nth});
        break;
      }
    }
    return cycle;
  }

  const LockTrace& trace_;
  const std::vector<Pattern> patterns_;
  std::size_t first_ = 0;
  std::vector<std::size_t> path_;
  std::size_t steps_ = 0, checks_ = 0;
  std::vector<LockCycle> found_;
};

}  // namespace

std::vector<LockCycle> predict_deadlocks(std::span<const report::Event> events) {
  const LockTrace trace(events);
  return Search(trace).run();
}

}  // namespace racecourse::detect
