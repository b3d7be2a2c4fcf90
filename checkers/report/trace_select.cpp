#include <racecourse/checkers/finding.h>
#include <racecourse/checkers/report/missed_wakeup.h>
#include <racecourse/checkers/report/stuck.h>
#include <racecourse/checkers/report/trace_select.h>

#include <algorithm>
#include <set>

namespace racecourse::report {
namespace {

// Without anything shared, the last steps of the thread that failed are all there is to show.
constexpr std::size_t kFewRows = 2;
constexpr std::size_t kLastSteps = 8;

constexpr std::uint64_t kLargestObject = 256;

bool about_threads(Kind kind) { return kind == Kind::thread_misuse || kind == Kind::thread_leak; }

bool about_progress(Kind kind) {
  return kind == Kind::non_termination || kind == Kind::livelock || kind == Kind::step_limit || kind == Kind::hang;
}

bool about_heap(Kind kind) {
  return kind == Kind::use_after_free || kind == Kind::double_free || kind == Kind::heap_overflow || kind == Kind::leak;
}

bool about_locks(Kind kind) {
  return kind == Kind::self_deadlock || kind == Kind::mutex_misuse || kind == Kind::sync_misuse ||
         kind == Kind::deadlock || kind == Kind::partial_deadlock || kind == Kind::lost_wakeup;
}

bool is_thread_event(Op op) {
  return op == Op::thread_create || op == Op::thread_join || op == Op::thread_end || op == Op::thread_detach ||
         op == Op::thread_cancel || op == Op::thread_cancelled || op == Op::join_blocked;
}

bool is_heap_event(Op op) { return op == Op::allocate || op == Op::release; }

bool is_pause(Op op) { return op == Op::yield || op == Op::spin || op == Op::sleep; }

class Selector {
 public:
  Selector(const Trace& trace, const Contention& contention) : trace_(trace), contention_(contention) {
    first_ = static_cast<std::uint32_t>(trace.events.size());
    last_of_.assign(trace.threads.size(), 0);
    std::vector<std::uint32_t> latest_wait(trace.threads.size());
    for (std::uint32_t i = 0; i < trace.events.size(); ++i) {
      const Event& event = trace.events[i];
      if (event.op == Op::thread_create && first_ == trace.events.size()) first_ = i;
      if (event.thread < last_of_.size() && event.op != Op::finding) last_of_[event.thread] = i;
      if (is_memory(event.op)) addresses_.insert(event.address);
      if (is_atomic(event.op) || is_sync(event.op) || event.op == Op::write) accessing_.insert(event.thread);
      if (event.thread >= latest_wait.size()) continue;
      if (falls_asleep(event.op)) latest_wait[event.thread] = i;
      if (!happened_for_no_reason(event)) continue;
      for_no_reason_.insert(i);
      if (event.op != Op::cas_failure) for_no_reason_.insert(latest_wait[event.thread]);
    }
    const std::vector<std::uint16_t> cycle = wait_cycle(trace.threads);
    in_cycle_.insert(cycle.begin(), cycle.end());
    for (std::size_t i = 0; i < trace.threads.size(); ++i)
      if (const auto told = notified_elsewhere(trace, static_cast<std::uint16_t>(i))) told_elsewhere_.insert(*told);
    const bool stuck_otherwise = std::any_of(trace.threads.begin(), trace.threads.end(), [](const ThreadEnd& end) {
      return end.state == ThreadState::blocked && end.wait != Wait::join;
    });
    joins_matter_ =
        !stuck_otherwise && std::any_of(trace.findings.begin(), trace.findings.end(), [](const RawFinding& f) {
          const Kind kind = static_cast<Kind>(f.kind);
          return about_locks(kind) || about_threads(kind) || kind == Kind::non_termination;
        });
    end_ = end_of_story();
  }

  std::vector<std::uint32_t> run() const {
    std::vector<std::uint32_t> chosen;
    std::size_t rows = 0;
    for (std::uint32_t i = 0; i < end_; ++i) {
      if (!matters(i)) continue;
      chosen.push_back(i);
      if (trace_.events[i].op != Op::finding) ++rows;
    }
    if (rows < kFewRows) add_last_steps(chosen);
    return chosen;
  }

 private:
  // What comes after the last finding is only the execution's way out; the access that a race was found at may be
  // recorded after the finding itself.
  std::uint32_t end_of_story() const {
    const auto size = static_cast<std::uint32_t>(trace_.events.size());
    for (std::uint32_t i = size; i-- > 0;) {
      if (trace_.events[i].op != Op::finding) continue;
      const bool more = i + 1 < size && trace_.events[i + 1].thread == trace_.events[i].thread &&
                        trace_.events[i + 1].tick == trace_.events[i].tick;
      return i + (more ? 2 : 1);
    }
    return size;
  }

  bool matters(std::uint32_t index) const {
    const Event& event = trace_.events[index];
    if (event.op == Op::finding || stuck_there(index) || told_elsewhere_.contains(index) ||
        for_no_reason_.contains(index))
      return true;
    // What the body does before it starts a thread explains nothing, unless there is no thread.
    if (first_ < trace_.events.size() && index < first_ && !is_heap_event(event.op)) return false;
    for (const RawFinding& finding : trace_.findings) {
      if (belongs_to(event, finding)) return true;
    }
    return contention_.shared(index);
  }

  // Under a fair schedule, whoever can still run does not end.
  bool is_endless(std::uint16_t thread, const RawFinding& finding) const {
    if (thread == finding.other) return true;
    return thread < trace_.threads.size() && trace_.threads[thread].state == ThreadState::runnable;
  }

  // A read that only leads to the object that is meant: captures by reference, members through `this`.
  bool follows_pointer(const Event& event) const {
    if (event.op != Op::read || event.size != sizeof(void*) || event.value == 0) return false;
    const auto target = addresses_.lower_bound(event.value);
    return target != addresses_.end() && *target - event.value < kLargestObject;
  }

  bool stuck_there(std::uint32_t index) const {
    const Event& event = trace_.events[index];
    // Waiting for a stuck thread to end is a consequence, unless that thread waits for this one.
    if (event.op == Op::join_blocked && !joins_matter_ && !in_cycle_.contains(event.thread)) return false;
    return event.thread < last_of_.size() && last_of_[event.thread] == index &&
           trace_.threads[event.thread].state == ThreadState::blocked && event.op != Op::thread_begin;
  }

  bool belongs_to(const Event& event, const RawFinding& finding) const {
    const Kind kind = static_cast<Kind>(finding.kind);
    if (about_threads(kind) && is_thread_event(event.op)) {
      return event.thread == finding.thread || event.thread == finding.other || event.value == finding.other;
    }
    if (about_progress(kind) && is_endless(event.thread, finding)) {
      if (is_sync(event.op) || event.op == Op::sleep) return true;
      if (is_pause(event.op) && !accessing_.contains(event.thread)) return true;
      if (is_memory(event.op) && !follows_pointer(event)) return true;
    }
    if (finding.address == 0 || event.address == 0) return false;
    if ((about_heap(kind) || kind == Kind::data_race) && is_heap_event(event.op)) {
      return overlap(event.address, event.value, finding.address, 1);
    }
    if (about_locks(kind)) return is_sync(event.op) && event.address == finding.address;
    if (is_memory(event.op) || is_sync(event.op)) {
      return overlap(event.address, extent(event), finding.address, finding.access_size);
    }
    return false;
  }

  void add_last_steps(std::vector<std::uint32_t>& chosen) const {
    if (trace_.findings.empty()) return;
    const std::uint16_t thread = trace_.findings.front().thread;
    std::size_t added = 0;
    for (std::uint32_t i = end_; i-- > 0 && added < kLastSteps;) {
      const Event& event = trace_.events[i];
      if (event.thread != thread || !(is_memory(event.op) || is_sync(event.op)) || follows_pointer(event)) continue;
      if (std::find(chosen.begin(), chosen.end(), i) != chosen.end()) continue;
      chosen.push_back(i);
      ++added;
    }
    std::sort(chosen.begin(), chosen.end());
  }

  const Trace& trace_;
  const Contention& contention_;
  std::uint32_t first_;                     // of the first thread_create
  std::uint32_t end_;                       // past the last event to be considered
  std::set<std::uint64_t> addresses_;       // of all accesses
  bool joins_matter_;                       // some thread waits in vain for another to end, and that is the finding
  std::set<std::uint16_t> in_cycle_;        // threads that wait for each other
  std::set<std::uint32_t> told_elsewhere_;  // notifications of a condition variable that the sleeper does not wait on
  std::set<std::uint32_t> for_no_reason_;   // what shrinking could not leave out, and the waits that it ended
  std::set<std::uint16_t> accessing_;       // threads that do more than pause
  std::vector<std::uint32_t> last_of_;      // last event of each thread
};

}  // namespace

std::vector<std::uint32_t> select_events(const Trace& trace, const Contention& contention) {
  return Selector(trace, contention).run();
}

}  // namespace racecourse::report
