#include <racecourse/checkers/schedule/exhaustive.h>
#include <racecourse/checkers/schedule/objects.h>

#include <algorithm>

namespace racecourse::schedule {

namespace {

bool contains(std::span<const std::uint16_t> threads, int thread) {
  return std::ranges::find(threads, thread) != threads.end();
}

}  // namespace

void Exhaustive::begin(std::uint64_t, std::uint64_t, const Learnt&) {
  running_ = -1;
  restarts_ = leaves_ = left_to_spin_ = yielded_ = false;
  able_count_ = 0;
  waits_.reset();
  spinning_.reset();
  timed_.reset();
  for (std::size_t thread = 0; thread < used_; thread++) forget(reads_[thread]);
  used_ = 0;
  search_ = searches_->next();
  search_->begin();
}

// Operations that leave no event: those that failed, or found done what they are there for.
void Exhaustive::derive_effect() {
  const auto* object = reinterpret_cast<const void*>(begun_.object);
  switch (begun_.access) {
    case Access::read:
    case Access::write:
      for_each_granule(begun_.object, begun_.size, [&](std::uint64_t granule, std::uint8_t bytes) {
        search_->touch({granule, bytes, begun_.access == Access::read ? Touch::read : Touch::write});
      });
      break;
    case Access::lock:
    case Access::lock_shared:
      search_->touch(whole(object, Touch::check, kToAll));
      break;
    case Access::try_lock:
    case Access::try_lock_shared:
      search_->touch(found_closed(object));
      break;
    case Access::unlock:
      search_->touch(whole(object, Touch::write));
      break;
    case Access::wait:
    case Access::notify:
      search_->touch(sleepers_at(object, Touch::write));
      break;
    case Access::start:
      search_->touch(schedule::kThreads);
      break;
    case Access::other:
      search_->set_breach("the body calls into the world outside");
      break;
    case Access::none:
    case Access::join:
    case Access::end:
      break;
  }
}

// True if the running thread goes on in the same step.
bool Exhaustive::finish_step(const View& view) {
  if (running_ < 0) return false;
  const auto thread = static_cast<std::size_t>(running_);
  if (view.reason == Reason::yielded && !spinning_[thread]) {
    yielded_ = true;
    return true;
  }
  if (view.reason == Reason::blocked && waits_[thread]) {
    if (contains(view.timed, running_)) {
      waits_[thread] = false;
      search_->want({});
      search_->touch(kClock);
      return true;
    }
    if (search_->nothing_happened()) {
      search_->refuse();
      running_ = -1;
      return false;
    }
  }
  if (search_->nothing_happened()) derive_effect();
  if (search_->ends_early) search_->touch({kWorld, 1, Touch::read});
  running_ = -1;
  return false;
}

Choice Exhaustive::grant(const View& view, int thread) {
  running_ = thread;
  looks_ = 0;
  begun_ = thread >= 0 && static_cast<std::size_t>(thread) < view.pending.size() ? view.pending[thread] : Pending{};
  timed_.reset();
  for (const std::uint16_t waiting : view.timed) timed_[waiting] = true;
  if (thread < 0) return {-1, 1};
  used_ = std::max(used_, static_cast<std::size_t>(thread) + 1);
  if (timed_[static_cast<std::size_t>(thread)]) search_->touch(kClock);
  if (thread == 0 && begun_.access == Access::end) search_->touch({kWorld, 1, Touch::write});
  return {thread, 1};
}

Choice Exhaustive::choose(const View& view) {
  if (left_to_spin_) return {view.current_enabled ? view.current : view.enabled[0], kUnlimited};
  const int current = view.current;
  if (finish_step(view)) return {current, 1};
  able_count_ = 0;
  for (const std::uint16_t thread : view.enabled)
    if (!spinning_[thread]) able_[able_count_++] = thread;
  for (const std::uint16_t thread : view.timed) able_[able_count_++] = thread;
  if (able_count_ == 0 && !view.enabled.empty()) {
    left_to_spin_ = true;
    return {view.enabled[0], kUnlimited};
  }
  const bool t0_ends = !view.pending.empty() && view.pending[0].access == Access::end;
  // One that lets time pass is not to do so for ever while others could go on.
  const bool lets_others_go = yielded_ || contains(view.timed, current);
  const int reluctant = t0_ends ? 0 : lets_others_go ? current : -1;
  yielded_ = false;
  return grant(view, search_->choose({able_.data(), able_count_}, current, reluctant));
}

void Exhaustive::started(int thread, int) {
  search_->enable(static_cast<std::uint16_t>(thread));
  waits_[static_cast<std::size_t>(thread)] = spinning_[static_cast<std::size_t>(thread)] = false;
}

bool Exhaustive::prefers(int woken, int) {
  const auto thread = static_cast<std::size_t>(woken);
  // Who found something closed has not gone to sleep as far as the search knows.
  if (!waits_[thread]) search_->enable(static_cast<std::uint16_t>(woken), timed_[thread]);
  waits_[thread] = false;
  return false;
}

void Exhaustive::look_at_change(const Effect& effect) {
  for (std::size_t thread = 0; thread < used_; thread++) {
    Reads& reads = reads_[thread];
    if (static_cast<int>(thread) == running_) {
      forget(reads);
      continue;
    }
    const auto read = std::span(reads.effects).first(reads.count);
    if (!std::ranges::any_of(read, [&](const Effect& known) { return conflict(known, effect); })) continue;
    reads.disturbed = true;
    if (!spinning_[thread]) continue;
    spinning_[thread] = false;
    search_->enable(static_cast<std::uint16_t>(thread));
  }
}

void Exhaustive::touched(const Effect& effect) {
  if (running_ < 0) return;
  search_->touch(effect);
  const bool moves_clock = effect.object == kClock.object;
  if (effect.touch == Touch::write || (effect.touch == Touch::add && !moves_clock)) return look_at_change(effect);
  Reads& reads = reads_[static_cast<std::size_t>(running_)];
  if (moves_clock) return forget(reads);  // time passes, and the loop may end by that
  const auto known = std::span(reads.effects).first(reads.count);
  const auto same = [&](const Effect& read) { return read.object == effect.object && read.bytes == effect.bytes; };
  if (std::ranges::any_of(known, same)) return;
  if (reads.count == kMaxReads) {
    reads.too_many = true;
    return;
  }
  reads.effects[reads.count] = effect;
  reads.effects[reads.count++].touch = Touch::read;
}

void Exhaustive::wants(const Effect& effect) {
  if (running_ < 0) return;
  waits_[static_cast<std::size_t>(running_)] = true;
  search_->want(effect);
}

bool Exhaustive::only_delays(std::uint64_t pc) {
  if (const Systematic::Loop* known = search_->find_loop(pc)) return known->only_delays;
  search_->add_loop(pc);
  return false;
}

void Exhaustive::changed() {
  if (running_ >= 0) forget(reads_[static_cast<std::size_t>(running_)]);
}

bool Exhaustive::comes_round(Reads& reads, std::uint64_t digest) {
  if (reads.anchored && digest == reads.anchor) {
    const bool spins = !reads.disturbed && !reads.too_many;
    reads.disturbed = false;
    return spins;
  }
  if (reads.anchored && ++reads.visits < reads.until) return false;
  reads.anchored = true;
  reads.anchor = digest;
  reads.visits = 0;
  reads.until *= 2;
  reads.disturbed = false;
  return false;
}

void Exhaustive::stands(std::uint64_t digest) {
  if (running_ < 0) return;
  const auto thread = static_cast<std::size_t>(running_);
  bool spins = comes_round(reads_[thread], digest);
  // Dead bytes on a stack may hide that a place is the same. What was seen the first time must be seen again.
  // (A thread that yields is looked at there and at its next point, both in one step.)
  ++looks_;
  if (search_->trace().is_expected()) spins = search_->trace().expected_to_spin(looks_);
  if (!spins) return;
  search_->spin(looks_);
  spinning_[thread] = true;
}

void Exhaustive::leaves_threads() {
  if (running_ < 0) return;
  if (search_->nothing_happened()) derive_effect();
  search_->touch({kWorld, 1, Touch::write});
  for (const std::uint16_t thread : std::span(able_).first(able_count_))
    if (thread != running_) search_->leave(thread);
  leaves_ = true;
}

void Exhaustive::passes_limit() {
  if (!left_to_spin_) search_->set_breach("an execution passed the step limit");
}

void Exhaustive::end() {
  if (running_ >= 0 && search_->nothing_happened()) derive_effect();
  running_ = -1;
  search_->end();
  // Where all that the others did happened before the end, none of it can come after it.
  if (leaves_ && !search_->ends_early && !search_->trace().ends_after_all()) search_->ends_early = restarts_ = true;
  if (restarts_ || search_->must_begin_anew()) searches_->restart();
}

}  // namespace racecourse::schedule
