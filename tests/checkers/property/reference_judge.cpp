#include "reference_judge.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace racecourse::reference {
namespace {

using random_program::Entry;
using random_program::kAtomics;
using random_program::kLocks;
using random_program::kSemaphores;
using random_program::kThreads;
using random_program::Log;
using random_program::Op;
using random_program::Program;
using random_program::Step;
using random_program::thread_of;

struct Event {
  int step;
  int thread;
  Step what;
  bool modified;
  std::vector<std::size_t> after;  // events that it is ordered right after
};

bool acquires(int order) { return order == 1 || order == 2 || order >= 4; }
bool releases(int order) { return order >= 3; }
bool is_atomic(Op op) { return op == Op::load || op == Op::store || op == Op::add || op == Op::exchange_if; }
bool is_access(Op op) { return op == Op::read || op == Op::write || is_atomic(op); }
bool is_write(const Event& event) {
  if (event.what.op == Op::exchange_if) return event.modified;
  return event.what.op == Op::write || event.what.op == Op::store || event.what.op == Op::add;
}

std::set<int> bytes_of(const Event& event) {
  const bool atomic = is_atomic(event.what.op);
  const int begin = atomic ? kAtomics[event.what.object].offset : event.what.offset;
  const int size = atomic ? kAtomics[event.what.object].size : event.what.size;
  std::set<int> bytes;
  for (int byte = begin; byte < begin + size; ++byte) bytes.insert(byte);
  return bytes;
}

class Execution {
 public:
  Execution(const Program& program, const Log& log) : program_(program) {
    for (std::uint32_t i = 0; i < log.count; ++i) {
      const Entry& entry = log.entries[i];
      const int thread = thread_of(program, entry.step);
      if (entry.attempt)
        attempted_[thread] = entry.step;
      else
        happened(entry, thread);
    }
  }

  Verdict verdict() const {
    Verdict result;
    for (std::size_t later = 0; later < events_.size(); ++later) {
      for (std::size_t earlier = 0; earlier < later; ++earlier) {
        std::set<int> bytes = race(earlier, later);
        if (bytes.empty()) continue;
        if (!result.first_race) result.first_race = events_[later].step;
        result.races[events_[later].step].merge(bytes);
      }
    }
    result.ends = ends();
    return result;
  }

 private:
  // Which events a load that reads from here is ordered after, if it acquires.
  using Message = std::vector<std::size_t>;

  void happened(const Entry& entry, int thread) {
    const std::size_t index = events_.size();
    Event event{entry.step, thread, program_.steps[entry.step], entry.modified, {}};
    if (last_of_[thread]) event.after.push_back(*last_of_[thread]);
    if (!last_of_[thread] && thread > 0) event.after.push_back(*start_of_[thread]);
    attempted_[thread].reset();
    last_of_[thread] = index;
    const auto after = [&](const Message& events) {
      event.after.insert(event.after.end(), events.begin(), events.end());
    };
    const int object = event.what.object;
    switch (event.what.op) {
      case Op::lock:
        if (unlocked_[object]) event.after.push_back(*unlocked_[object]);
        holder_[object] = thread;
        break;
      case Op::unlock:
        unlocked_[object] = index;
        holder_[object].reset();
        break;
      case Op::post:
        posted_[object].push_back(index);
        ++permits_[object];
        break;
      case Op::wait:
        // Posts and waits are read-modify-writes of one counter: each post heads a release sequence up to here.
        after(posted_[object]);
        --permits_[object];
        break;
      case Op::start:
        start_of_[object] = index;
        break;
      case Op::join:
        // A thread with no steps has no events, and orders nothing.
        event.after.push_back(last_of_[object] ? *last_of_[object] : *start_of_[object]);
        break;
      case Op::fence:
        if (acquires(event.what.order)) after(read_by_[thread]);
        if (releases(event.what.order)) release_fence_[thread] = index;
        break;
      case Op::load:
        loads(event, after);
        break;
      case Op::store:
        messages_[object].clear();
        stores(event, index);
        break;
      case Op::add:
        loads(event, after);
        stores(event, index);
        break;
      case Op::exchange_if:
        loads(event, after);
        if (event.modified) stores(event, index);
        break;
      default:
        break;
    }
    events_.push_back(std::move(event));
  }

  template <class After>
  void loads(const Event& event, const After& after) {
    const Message& message = messages_[event.what.object];
    if (acquires(event.what.order)) after(message);
    // For an acquire fence that follows.
    Message& read = read_by_[event.thread];
    read.insert(read.end(), message.begin(), message.end());
  }

  // Adds to what a read-modify-write left of the message.
  void stores(const Event& event, std::size_t index) {
    Message& message = messages_[event.what.object];
    if (releases(event.what.order)) message.push_back(index);
    if (const auto fence = release_fence_[event.thread]) message.push_back(*fence);
  }

  bool happens_before(std::size_t earlier, std::size_t later) const {
    std::vector<bool> seen(events_.size());
    std::vector<std::size_t> open{later};
    while (!open.empty()) {
      const std::size_t event = open.back();
      open.pop_back();
      if (event == earlier) return true;
      for (const std::size_t before : events_[event].after) {
        if (!seen[before]) open.push_back(before);
        seen[before] = true;
      }
    }
    return false;
  }

  // The bytes on which the two race.
  std::set<int> race(std::size_t earlier, std::size_t later) const {
    const Event& a = events_[earlier];
    const Event& b = events_[later];
    if (a.thread == b.thread || !is_access(a.what.op) || !is_access(b.what.op)) return {};
    if (!(is_write(a) || is_write(b)) || (is_atomic(a.what.op) && is_atomic(b.what.op))) return {};
    std::set<int> common;
    const std::set<int> left = bytes_of(a), right = bytes_of(b);
    std::set_intersection(left.begin(), left.end(), right.begin(), right.end(), std::inserter(common, common.end()));
    return common.empty() || happens_before(earlier, later) ? std::set<int>{} : common;
  }

  std::optional<int> next_of(int thread) const {
    if (thread > 0 && !start_of_[thread]) return std::nullopt;
    const int next = last_of_[thread] ? events_[*last_of_[thread]].step + 1 : program_.first[thread];
    return next < program_.first[thread + 1] ? std::optional(next) : std::nullopt;
  }

  bool is_stuck(int thread) const {
    const Step& step = program_.steps[*next_of(thread)];
    if (step.op == Op::lock) return holder_[step.object].has_value();
    if (step.op == Op::wait) return permits_[step.object] == 0;
    return step.op == Op::join && next_of(step.object).has_value();
  }

  std::set<std::string> ends() const {
    std::set<std::string> wrong;
    bool left = false, stuck = true;
    for (int thread = 0; thread < kThreads; ++thread) {
      if (attempted_[thread]) {
        const Step& step = program_.steps[*attempted_[thread]];
        if (step.op == Op::unlock && holder_[step.object] != thread) wrong.insert("mutex-misuse");
        if (step.op == Op::lock && holder_[step.object] == thread) wrong.insert("self-deadlock");
      }
      if (!next_of(thread)) continue;
      left = true;
      stuck = stuck && is_stuck(thread);
    }
    if (!wrong.empty()) return wrong;
    if (!left) return {""};
    return {stuck ? "deadlock" : "it might have gone on"};
  }

  const Program& program_;
  std::vector<Event> events_;
  std::optional<std::size_t> last_of_[kThreads], start_of_[kThreads], release_fence_[kThreads];
  std::optional<int> attempted_[kThreads];
  std::optional<std::size_t> unlocked_[kLocks];
  std::optional<int> holder_[kLocks];
  Message posted_[kSemaphores];
  int permits_[kSemaphores] = {};
  Message messages_[kAtomics.size()];
  Message read_by_[kThreads];
};

}  // namespace

Verdict judge(const Program& program, const Log& log) { return Execution(program, log).verdict(); }

}  // namespace racecourse::reference
