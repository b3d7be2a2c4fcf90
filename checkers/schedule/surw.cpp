#include <racecourse/checkers/schedule/experience.h>
#include <racecourse/checkers/schedule/surw.h>

#include <algorithm>
#include <bitset>

namespace racecourse::schedule {

namespace {

// Whether an event is an access to its object that others compete for. Who holds a lock gives it back uncontested.
bool competes(const Pending& event) {
  constexpr std::uint32_t kCompeting = set_of(Access::read, Access::write, Access::lock, Access::lock_shared,
                                              Access::try_lock, Access::try_lock_shared, Access::wait, Access::notify);
  return (event.object != 0) & is_one_of(event.access, kCompeting);
}

bool is_lock(Access access) { return is_one_of(access, set_of(Access::lock, Access::lock_shared)); }

}  // namespace

void Surw::begin(std::uint64_t execution, std::uint64_t seed, const Learnt& learnt) {
  random_.reseed(seed ^ execution << 20);
  priorities_.begin();
  known_ = learnt.experience != nullptr ? &learnt.experience->known : nullptr;
  measured_ = learnt.experience != nullptr && execution - learnt.origin < kLastMeasured ? &learnt.experience->measured
                                                                                        : nullptr;
  if (measured_ != nullptr) measured_->begin_execution();
  if (known_ != nullptr && known_->executions() != listed_executions_) list_candidates(*known_);
  object_ = choose_object();
  intended_ = kNobody;
  held_ = false;
  executed_ = {};
  threads_ = alive_ = 1;
  lineage_[0] = {kBodyName, 0, kNobody};
  left_[0] = object_ != 0 ? known_->expected(kBodyName, object_) : 0;
}

void Surw::list_candidates(const Profile& known) {
  const auto entries = known.entries();
  // All accesses to an object are those of the body and its descendants; where one thread has them all, nobody
  // competes.
  std::bitset<Profile::kEntries> of_one_thread;
  for (const Profile::Entry& entry : entries) {
    const Profile::Entry* all = known.find(kBodyName, entry.object);
    if (all != nullptr && entry.own == all->family) of_one_thread.set(static_cast<std::size_t>(all - entries.data()));
  }
  std::uint64_t weight = 0;
  candidate_count_ = 0;
  for (std::size_t i = 0; i < entries.size() && candidate_count_ < kMaxObjects; ++i) {
    if (entries[i].thread != kBodyName || of_one_thread[i]) continue;
    weight += entries[i].family;
    candidates_[candidate_count_++] = {entries[i].object, weight};
  }
  listed_executions_ = known.executions();
}

std::uint64_t Surw::choose_object() {
  if (known_ == nullptr || candidate_count_ == 0) return 0;
  const auto end = candidates_.begin() + candidate_count_;
  const std::uint64_t at = random_.next() % (end - 1)->weight_up_to;
  return std::upper_bound(candidates_.begin(), end, at,
                          [](std::uint64_t value, const Candidate& c) { return value < c.weight_up_to; })
      ->object;
}

void Surw::started(int thread, int parent) {
  Lineage& parents = lineage_[static_cast<std::size_t>(parent)];
  const auto child = static_cast<std::size_t>(thread);
  lineage_[child] = {child_name(parents.name, ++parents.children), 0, parent};
  priorities_.redraw(thread);
  threads_ = std::max(threads_, thread + 1);
  ++alive_;
  left_[child] = 0;
  if (object_ == 0) return;
  // The child takes its share of what its parent had before it, and with that chance the turn at the object.
  std::uint32_t& of_parent = left_[static_cast<std::size_t>(parent)];
  const std::uint32_t share = known_->expected(lineage_[child].name, object_);
  if (intended_ == parent && share > 0 && random_.below(std::max(of_parent, share)) < share) intended_ = thread;
  left_[child] = share;
  of_parent -= std::min(of_parent, share);
}

[[gnu::always_inline]] inline bool Surw::selected(const Pending& pending) const {
  return (pending.object == object_) & competes(pending);  // a thing that competes has an object
}

[[gnu::always_inline]] inline void Surw::count(int thread, const Pending& event, bool happened) {
  if (measured_ != nullptr) [[unlikely]]
    measure(thread, event, happened);
  if (!selected(event) || is_alone(thread)) return;
  std::uint32_t& left = left_[static_cast<std::size_t>(thread)];
  left += happened ? (left > 0 ? -1 : 0) : 1;
}

[[gnu::noinline]] void Surw::measure(int thread, const Pending& event, bool happened) {
  if (!competes(event) || is_alone(thread)) return;
  for (int t = thread; t != kNobody; t = lineage_[static_cast<std::size_t>(t)].parent)
    measured_->add(lineage_[static_cast<std::size_t>(t)].name, event.object, happened ? 1 : -1, t == thread);
}

int Surw::draw_of_all() {
  std::uint32_t sum = 0;
  for (int t = 0; t < threads_; ++t) sum += weight(t);
  if (sum == 0) return kNobody;
  std::uint32_t at = random_.below(sum);
  int t = 0;
  while (at >= weight(t)) at -= weight(t++);
  return t;
}

int Surw::draw_of_selected(const View& view) {
  int drawn = kNobody;
  std::uint32_t sum = 0;
  for (const std::uint16_t thread : view.enabled) {
    if (!selected(view.pending[thread])) continue;
    const std::uint32_t more = std::max(1u, weight(thread));
    sum += more;
    if (random_.below(sum) < more) drawn = thread;
  }
  return drawn;
}

[[gnu::always_inline]] inline bool Surw::must_wait(int thread, const Pending& pending) const {
  if (!selected(pending)) return false;
  return (held_ && is_lock(pending.access)) || (intended_ != kNobody && thread != intended_);
}

// The greatest priority of those that do not have to wait.
[[gnu::always_inline]] inline int Surw::best_of(const View& view) {
  Greatest greatest;
  const bool some_wait = held_ || intended_ != kNobody;
  for (const std::uint16_t thread : view.enabled)
    if (!some_wait || !must_wait(thread, view.pending[thread])) greatest.offer(thread, priorities_.of(thread, random_));
  return greatest.thread();
}

[[gnu::always_inline]] inline int Surw::next_of(const View& view) {
  int best = best_of(view);
  if (object_ == 0) return best;
  if (best != kNobody && intended_ == kNobody && selected(view.pending[static_cast<std::size_t>(best)])) {
    intended_ = draw_of_all();
    if (intended_ == kNobody) return best;
    best = best_of(view);
  }
  if (best != kNobody && !priorities_.demoted(best)) return best;
  // All others wait for the drawn one, which does not come: perhaps it waits for one of them.
  const int instead = draw_of_selected(view);
  if (instead == kNobody) return best;
  intended_ = kNobody;
  return instead;
}

Choice Surw::choose(const View& view) {
  priorities_.look(view);
  if (view.current >= 0) {
    if (view.reason == Reason::blocked && is_lock(executed_.access) &&
        executed_ == view.pending[static_cast<std::size_t>(view.current)]) {
      count(view.current, executed_, false);
      held_ |= selected(executed_);
    }
    if (view.reason == Reason::ended) {
      --alive_;
      left_[static_cast<std::size_t>(view.current)] = 0;
      if (intended_ == view.current) intended_ = kNobody;
    }
  }
  const int chosen = next_of(view);
  const int next = or_timer(chosen, view, random_);
  const Pending timeout;
  const Pending& event = next == chosen ? view.pending[static_cast<std::size_t>(next)] : timeout;
  assign(executed_, event);
  count(next, event, true);
  if (event.object == object_ || event.also == object_) {
    if (event.access == Access::unlock || event.also == object_) held_ = false;
    if (next == intended_ && selected(event)) intended_ = kNobody;
  }
  return {next, 1};
}

}  // namespace racecourse::schedule
