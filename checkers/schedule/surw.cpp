#include <racecourse/checkers/schedule/surw.h>

#include <algorithm>
#include <bitset>

namespace racecourse::schedule {

namespace {

// Whether an event is an access to its object that others compete for. Who holds a lock gives it back uncontested.
bool competes(const Pending& event) {
  switch (event.access) {
    case Access::read:
    case Access::write:
    case Access::lock:
    case Access::lock_shared:
    case Access::try_lock:
    case Access::try_lock_shared:
    case Access::wait:
    case Access::notify:
      return event.object != 0;
    default:
      return false;
  }
}

bool is_lock(Access access) { return access == Access::lock || access == Access::lock_shared; }

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

void Surw::count(int thread, const Pending& event, bool happened) {
  // What the body does before it starts anybody, and after all have ended, nobody competes for.
  if ((thread == 0 && alive_ == 1) || !competes(event)) return;
  std::uint32_t& left = left_[static_cast<std::size_t>(thread)];
  if (event.object == object_ && !happened) ++left;
  if (event.object == object_ && happened && left > 0) --left;
  if (measured_ == nullptr) return;
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

bool Surw::selected(const Pending& pending) const {
  return object_ != 0 && pending.object == object_ && competes(pending);
}

bool Surw::must_wait(int thread, const Pending& pending) const {
  if (!selected(pending)) return false;
  return (held_ && is_lock(pending.access)) || (intended_ != kNobody && thread != intended_);
}

// The greatest priority of those that do not have to wait.
int Surw::best_of(const View& view) {
  int best = kNobody;
  std::int64_t highest = 0;
  for (const std::uint16_t thread : view.enabled) {
    if (must_wait(thread, view.pending[thread])) continue;
    const std::int64_t priority = priorities_.of(thread, random_);
    if (best != kNobody && priority <= highest) continue;
    best = thread;
    highest = priority;
  }
  return best;
}

int Surw::next_of(const View& view) {
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
  if (view.current >= 0) {
    if (view.reason == Reason::yielded)
      priorities_.demote(view.current);
    else
      priorities_.redraw(view.current);
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
  executed_ = next == chosen ? view.pending[static_cast<std::size_t>(next)] : Pending{};
  count(next, executed_, true);
  if ((executed_.access == Access::unlock && executed_.object == object_) || executed_.also == object_) held_ = false;
  if (next == intended_ && selected(executed_)) intended_ = kNobody;
  return {next, 1};
}

}  // namespace racecourse::schedule
