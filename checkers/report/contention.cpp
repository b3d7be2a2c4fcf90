#include <racecourse/checkers/report/contention.h>

#include <algorithm>
#include <map>
#include <vector>

namespace racecourse::report {
namespace {

// Event numbers count from 1 here, so that 0 means "never".
using Position = std::uint32_t;

constexpr std::uint64_t kFutexWord = 4;

// For each thread, up to which of the others' events it comes after by creation and joining alone.
class ForkJoinOrder {
 public:
  explicit ForkJoinOrder(std::size_t threads) : known_(threads, std::vector<Position>(threads, 0)) {}

  void follow(const Event& event, Position now) {
    const std::size_t other = event.value;
    if (event.thread >= known_.size() || other >= known_.size()) return;
    if (event.op == Op::thread_create) {
      known_[other] = known_[event.thread];
      known_[other][event.thread] = now;
    } else if (event.op == Op::thread_join) {
      for (std::size_t i = 0; i < known_.size(); ++i) {
        known_[event.thread][i] = std::max(known_[event.thread][i], known_[other][i]);
      }
      known_[event.thread][other] = now;
    }
  }

  // Whether `thread` now runs beside what `other` did at `then`.
  bool beside(std::uint16_t thread, std::uint16_t other, Position then) const { return then > known_[thread][other]; }

 private:
  std::vector<std::vector<Position>> known_;
};

struct Touch {
  std::uint16_t thread;
  Position last = 0;
  Position last_change = 0;
};

// The last position of each thread is enough: if that one is ordered before, so are the earlier ones.
bool touch(std::vector<Touch>& touches, const ForkJoinOrder& order, std::uint16_t thread, Position now, bool change) {
  bool conflict = false;
  Touch* own = nullptr;
  for (Touch& other : touches) {
    if (other.thread == thread) {
      own = &other;
      continue;
    }
    const Position then = change ? other.last : other.last_change;
    if (then != 0 && order.beside(thread, other.thread, then)) conflict = true;
  }
  if (own == nullptr) own = &touches.emplace_back(Touch{thread});
  own->last = now;
  if (change) own->last_change = now;
  return conflict;
}

}  // namespace

Contention::Contention(const Trace& trace, const Lifetimes& lifetimes) : trace_(trace), lifetimes_(lifetimes) {
  std::size_t threads = trace.threads.size();
  for (const Event& event : trace.events) threads = std::max<std::size_t>(threads, event.thread + 1u);
  ForkJoinOrder order(threads);
  std::map<Identity, std::vector<Touch>> bytes;
  std::map<Identity, std::vector<Touch>> objects;
  for (std::uint32_t index = 0; index < trace.events.size(); ++index) {
    const Event& event = trace.events[index];
    const Position now = index + 1;
    order.follow(event, now);
    if (event.address == 0) continue;
    // Falling asleep on a futex reads its word.
    const bool futex = event.op == Op::futex_wait || event.op == Op::futex_no_wait;
    if (is_memory(event.op) || futex) {
      const std::uint64_t end = event.address + (futex ? kFutexWord : std::max<std::uint8_t>(event.size, 1));
      for (std::uint64_t byte = event.address; byte < end; ++byte) {
        const Identity id = identity(byte, index);
        if (touch(bytes[id], order, event.thread, now, is_write(event.op))) bytes_.insert(id);
      }
    }
    if (is_sync(event.op)) {
      // A condition or futex that somebody only signals is still shared with whoever waits.
      const Identity id = identity(event.address, index);
      if (touch(objects[id], order, event.thread, now, true)) objects_.insert(id);
    }
  }
}

Contention::Identity Contention::identity(std::uint64_t address, std::uint32_t index) const {
  return {address, lifetimes_.block(address, index).allocated};
}

bool Contention::shared(std::uint32_t index) const {
  const Event& event = trace_.events[index];
  if (is_sync(event.op)) return objects_.contains(identity(event.address, index));
  if (!is_memory(event.op)) return false;
  for (std::uint64_t byte = event.address; byte < event.address + std::max<std::uint8_t>(event.size, 1); ++byte) {
    if (bytes_.contains(identity(byte, index))) return true;
  }
  return false;
}

}  // namespace racecourse::report
