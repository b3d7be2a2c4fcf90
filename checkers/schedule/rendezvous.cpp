#include <racecourse/checkers/schedule/rendezvous.h>

#include <algorithm>
#include <utility>

namespace racecourse::schedule {

namespace {

constexpr std::uint32_t kSwitchOneIn = 8;
constexpr std::uint64_t kQuiet = 2;    // executions in which nobody is preempted
constexpr std::uint32_t kSpins = 200;  // yields after which those who run are taken to wait for those who are paused

bool takes(const Pending& pending) { return is_one_of(pending.access, set_of(Access::lock, Access::lock_shared)); }

}  // namespace

Rendezvous::Rendezvous(std::vector<Member> members) : members_(std::move(members)), states_(members_.size()) {
  running_.reserve(256);
}

void Rendezvous::begin(std::uint64_t execution, std::uint64_t seed, const Learnt&) {
  random_.reseed(seed ^ execution << 20);
  std::fill(states_.begin(), states_.end(), State{});
  std::fill(std::begin(blocked_), std::end(blocked_), false);
  at_the_nth_ = execution % 2 == 0;
  all_there_ = false;
  yields_ = 0;
  stays_ = execution < kQuiet;
}

bool Rendezvous::is_there(std::size_t number, const View& view) const {
  const Member& member = members_[number];
  const State& state = states_[number];
  if (state.passed || member.thread >= view.pending.size()) return false;
  const Pending& next = view.pending[member.thread];
  if (next.object != member.wants || !takes(next)) return false;
  return at_the_nth_ ? state.taken == member.nth : state.held > 0;
}

bool Rendezvous::is_paused(int thread, const View& view) const {
  if (all_there_) return false;
  for (std::size_t i = 0; i < members_.size(); i++) {
    if (members_[i].thread == thread && is_there(i, view)) return true;
  }
  return false;
}

// Counts what it is about to do.
Choice Rendezvous::let_run(int thread, const View& view) {
  const Pending& next = view.pending[static_cast<std::size_t>(thread)];
  const bool begins = !std::exchange(blocked_[thread], false);
  for (std::size_t i = 0; i < members_.size(); i++) {
    if (members_[i].thread != thread) continue;
    if (takes(next) && begins && next.object == members_[i].wants) states_[i].taken++;
    if (next.object == members_[i].holds && takes(next) && begins) states_[i].held++;
    if (next.object == members_[i].holds && next.access == Access::unlock) states_[i].held--;
    if (next.access == Access::wait && next.also == members_[i].holds) states_[i].held--;
  }
  return {thread, 1};
}

// With Reason::yielded somebody else, if there is anybody.
int Rendezvous::pick_among(const View& view) {
  const auto current = static_cast<std::uint16_t>(view.current);
  const bool may_stay = view.current_enabled && std::find(running_.begin(), running_.end(), current) != running_.end();
  if (may_stay && view.reason != Reason::yielded && (stays_ || random_.below(kSwitchOneIn) != 0)) return current;
  if (may_stay && running_.size() > 1) std::erase(running_, current);
  return running_[random_.below(static_cast<std::uint32_t>(running_.size()))];
}

// All who could run are paused or spin, and somebody else of the circle never comes: one who is paused goes on.
Choice Rendezvous::give_up_one(const View& view) {
  yields_ = 0;
  running_.clear();
  for (const std::uint16_t thread : view.enabled) {
    if (is_paused(thread, view)) running_.push_back(thread);
  }
  std::sort(running_.begin(), running_.end());
  const std::uint16_t thread = running_[random_.below(static_cast<std::uint32_t>(running_.size()))];
  for (std::size_t i = 0; i < members_.size(); i++) {
    if (members_[i].thread == thread) states_[i].passed = true;
  }
  return let_run(thread, view);
}

Choice Rendezvous::choose(const View& view) {
  if (view.reason == Reason::blocked && view.current >= 0)
    blocked_[view.current] = takes(view.pending[static_cast<std::size_t>(view.current)]);
  if (!all_there_) {
    all_there_ = true;
    for (std::size_t i = 0; i < members_.size(); i++) all_there_ &= is_there(i, view);
    if (all_there_) stays_ = true;
  }
  running_.clear();
  for (const std::uint16_t thread : view.enabled) {
    if (!is_paused(thread, view)) running_.push_back(thread);
  }
  // The list is in no particular order, and the choice must not depend on it.
  std::sort(running_.begin(), running_.end());
  if (all_there_) {
    for (const Member& member : members_) {
      if (std::binary_search(running_.begin(), running_.end(), member.thread) && !blocked_[member.thread])
        return let_run(member.thread, view);
    }
  }
  // Somebody who yields alone waits for a timer.
  const bool alone = running_.size() == 1 && view.reason == Reason::yielded && running_[0] == view.current;
  if (!view.timed.empty() && (running_.empty() || alone)) return {view.timed[0], 1};
  if (view.reason == Reason::yielded) yields_++;
  const bool only_spins = yields_ > kSpins && running_.size() < view.enabled.size();
  if (!running_.empty() && !only_spins) return let_run(pick_among(view), view);
  return give_up_one(view);
}

}  // namespace racecourse::schedule
