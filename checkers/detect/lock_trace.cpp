#include <racecourse/checkers/detect/lock_trace.h>

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>
#include <utility>

namespace racecourse::detect {

using report::Event;
using report::Op;

namespace {

// An event, by its thread and number.
struct Which {
  std::uint16_t thread;
  std::uint32_t event;
};

class Reader {
 public:
  explicit Reader(LockTrace& trace) : trace_(trace) {}

  void read(const Event& event, std::uint32_t index) {
    now_ = {event.thread, count_of(event.thread)++};
    if (const auto creator = created_by_.find(event.thread); creator != created_by_.end()) {
      follows(creator->second);
      created_by_.erase(creator);
    }
    memory(event);
    locks(event, index);
    others(event);
  }

 private:
  struct Held {
    std::uint32_t section;
    std::uint32_t depth;
  };
  // Eight bytes of memory, and who wrote each last.
  struct Granule {
    std::array<Which, 8> writers;
    Granule() { writers.fill({0, LockTrace::kNever}); }
  };

  std::uint32_t& count_of(std::uint16_t thread) {
    if (thread >= counts_.size()) {
      counts_.resize(thread + 1u);
      held_.resize(thread + 1u);
      trace_.sources.resize(thread + 1u);
      trace_.begun.resize(thread + 1u);
    }
    return counts_[thread];
  }

  // What happens now could not without that.
  void follows(const Which& earlier, bool memory = false) {
    if (earlier.thread == now_.thread) return;
    std::vector<LockTrace::Source>& known = trace_.sources[now_.thread];
    if (!known.empty()) {
      LockTrace::Source& last = known.back();
      if (last.at == now_.event && last.thread == earlier.thread && last.event == earlier.event) return;
    }
    known.push_back({now_.event, earlier.thread, memory, earlier.event});
  }
  using Last = std::unordered_map<std::uint64_t, Which>;
  void follows(const Last& last, std::uint64_t object) {
    if (const auto found = last.find(object); found != last.end()) follows(found->second);
  }
  // Each comes after all before it at the object.
  void joins(Last& last, std::uint64_t object) {
    follows(last, object);
    last.insert_or_assign(object, now_);
  }

  void memory(const Event& event) {
    const bool reads = event.op == Op::read || event.op == Op::atomic_load || event.op == Op::atomic_rmw ||
                       event.op == Op::cas_success || event.op == Op::cas_failure || event.op == Op::futex_wait ||
                       event.op == Op::futex_no_wait;
    const bool writes = event.op == Op::write || event.op == Op::atomic_store || event.op == Op::atomic_rmw ||
                        event.op == Op::cas_success;
    if (!reads && !writes) return;
    const std::uint64_t size = event.size != 0 ? event.size : 4;  // a futex
    for (std::uint64_t byte = event.address; byte < event.address + size;) {
      Granule& granule = written_[byte >> 3];
      for (const std::uint64_t end = std::min((byte | 7) + 1, event.address + size); byte < end; byte++) {
        Which& writer = granule.writers[byte & 7];
        if (reads && writer.event != LockTrace::kNever) follows(writer, true);
        if (writes) writer = now_;
      }
    }
  }

  void locks(const Event& event, std::uint32_t index) {
    const bool tries = event.order != 0;
    switch (event.op) {
      case Op::mutex_lock:
      case Op::rwlock_write_lock:
        return take(event.address, false, tries, index);
      case Op::rwlock_read_lock:
        return take(event.address, true, tries, index);
      case Op::mutex_unlock:
        return give(event.address, event.old_value != 0);
      case Op::rwlock_unlock:
        return give(event.address, false);
      case Op::cond_wait:
        return give(event.value, false);
      case Op::mutex_try_failed:
      case Op::mutex_lock_timeout:
        return follows(taken_, event.address);
      default:
        return;
    }
  }

  void take(std::uint64_t object, bool shared, bool tries, std::uint32_t index) {
    std::vector<Held>& held = held_[now_.thread];
    const auto [known, is_new] = lock_numbers_.try_emplace(object, static_cast<std::uint32_t>(trace_.locks.size()));
    if (is_new) {
      trace_.locks.push_back(object);
      sections_of_.push_back(0);
    }
    const std::uint32_t lock = known->second;
    const std::uint32_t nth = tries ? 0 : waits_[{now_.thread, object}]++;
    for (Held& mine : held) {
      if (trace_.sections[mine.section].lock != lock) continue;
      mine.depth++;
      return;
    }
    const auto section = static_cast<std::uint32_t>(trace_.sections.size());
    trace_.sections.push_back({lock, sections_of_[lock]++, now_.thread, shared, now_.event, LockTrace::kNever, index});
    trace_.begun[now_.thread].push_back(section);
    if (!tries && !held.empty()) {
      LockTrace::Nested nested{section, {}, nth};
      for (const Held& mine : held) nested.held.push_back(mine.section);
      trace_.nested.push_back(std::move(nested));
    }
    held.push_back({section, 1});
    taken_.insert_or_assign(object, now_);
  }

  void give(std::uint64_t object, bool keeps) {
    std::vector<Held>& held = held_[now_.thread];
    const auto mine = std::find_if(held.begin(), held.end(), [&](const Held& each) {
      return trace_.locks[trace_.sections[each.section].lock] == object;
    });
    if (mine == held.end() || --mine->depth > 0 || keeps) return;
    trace_.sections[mine->section].to = now_.event;
    held.erase(mine);
  }

  void others(const Event& event) {
    switch (event.op) {
      case Op::thread_create:
        created_by_.insert_or_assign(static_cast<std::uint16_t>(event.value), now_);
        return;
      case Op::thread_join: {
        const auto ended = static_cast<std::uint16_t>(event.value);
        if (ended < counts_.size() && counts_[ended] > 0) follows({ended, counts_[ended] - 1});
        return;
      }
      // Who is woken slept before, and who wakes up was woken.
      case Op::cond_wait:
      case Op::futex_wait:
        slept_.insert_or_assign(event.address, now_);
        return;
      case Op::cond_signal:
      case Op::cond_broadcast:
      case Op::futex_wake:
        if (event.value > 0) follows(slept_, event.address);
        return joins(woken_, event.address);
      case Op::cond_woken:
      case Op::futex_woken:
        return follows(woken_, event.address);
      // A permit may be that of any post before.
      case Op::sem_post:
        return joins(posted_, event.address);
      case Op::sem_wait:
        taken_.insert_or_assign(event.address, now_);
        return follows(posted_, event.address);
      case Op::barrier_wait:
        return joins(arrived_, event.address);
      case Op::barrier_passed:
        return follows(arrived_, event.address);
      case Op::once_enter:
      case Op::once_done:
      case Op::guard_enter:
      case Op::guard_done:
        return joins(once_, event.address);
      default:
        return;
    }
  }

  LockTrace& trace_;
  Which now_{};
  std::vector<std::uint32_t> counts_;  // by thread
  std::vector<std::vector<Held>> held_;
  std::vector<std::uint32_t> sections_of_;  // by lock
  std::unordered_map<std::uint64_t, std::uint32_t> lock_numbers_;
  std::map<std::pair<std::uint16_t, std::uint64_t>, std::uint32_t> waits_;
  std::unordered_map<std::uint16_t, Which> created_by_;
  std::unordered_map<std::uint64_t, Granule> written_;
  Last taken_, slept_, woken_, posted_, arrived_, once_;
};

}  // namespace

LockTrace::LockTrace(std::span<const Event> events) {
  Reader reader(*this);
  for (std::uint32_t i = 0; i < events.size(); i++) reader.read(events[i], i);
}

}  // namespace racecourse::detect
