#include <racecourse/checkers/schedule/objects.h>
#include <racecourse/checkers/schedule/trace.h>

#include <algorithm>

namespace racecourse::schedule {

namespace {

template <class T>
T& make_room(ArenaVector<T>& by_thread, std::size_t thread, const T& value) {
  if (by_thread.size() <= thread) by_thread.resize(thread + 1, value);
  return by_thread[thread];
}

}  // namespace

Trace::Trace(Arena* arena)
    : steps_(InArena<Step>(arena)),
      effects_(InArena<Effect>(arena)),
      answers_(InArena<Answer>(arena)),
      open_effects_(InArena<Effect>(arena)),
      open_answers_(InArena<Answer>(arena)),
      enabled_(InArena<Enabled>(arena)),
      left_(InArena<std::uint16_t>(arena)),
      waiting_(InArena<Effect>(arena)),
      positions_(InArena<std::uint32_t>(arena)),
      clocks_(InArena<std::uint32_t>(arena)),
      last_(InArena<std::int32_t>(arena)),
      chains_(256, Chain{}, InArena<Chain>(arena)),
      entries_(InArena<Entry>(arena)),
      before_(InArena<Before>(arena)),
      pairs_(InArena<Reversible>(arena)) {}

void Trace::clear() {
  steps_.clear();
  pairs_.clear();
  effects_.clear();
  answers_.clear();
  ordered_ = kept_ = done_ = 0;
}

void Trace::add(const Step& step, const Footprint& made, std::span<const Answer> answers) {
  steps_.push_back(step);
  Step& added = steps_.back();
  added.first_effect = static_cast<std::uint32_t>(effects_.size());
  added.effect_count = static_cast<std::uint32_t>(made.effects.size());
  added.first_answer = static_cast<std::uint32_t>(answers_.size());
  added.answer_count = static_cast<std::uint32_t>(answers.size());
  effects_.insert(effects_.end(), made.effects.begin(), made.effects.end());
  answers_.insert(answers_.end(), answers.begin(), answers.end());
}

void Trace::begin(std::uint32_t keep) {
  if (keep < steps_.size()) {
    effects_.resize(steps_[keep].first_effect);
    answers_.resize(steps_[keep].first_answer);
    steps_.resize(keep);
  }
  while (!pairs_.empty() && pairs_.back().second >= keep) pairs_.pop_back();
  kept_ = keep;
  ordered_ = std::min(ordered_, keep);
  done_ = 0;
  is_open_ = false;
  diverged_ = false;
  enabled_.clear();
  left_.clear();
  waiting_.clear();
  positions_.clear();
}

void Trace::open(std::uint16_t thread) {
  make_room(enabled_, thread, Enabled{});
  make_room(positions_, thread, 0u);
  threads_ = std::max<std::uint16_t>(threads_, thread + 1);
  open_ = {};
  open_.thread = thread;
  open_.enabled_by = enabled_[thread].by;
  open_.or_timeout = enabled_[thread].or_timeout;
  open_.position = positions_[thread] + 1;
  open_effects_.clear();
  open_answers_.clear();
  open_want_ = {};
  is_open_ = true;
}

void Trace::touch(const Effect& effect) {
  const std::uint64_t bit = digest_bit(effect.object);
  // The same again, as in a loop that nobody interrupts.
  if ((open_.reads | open_.writes) & bit) {
    for (Effect& known : open_effects_) {
      if (known.object != effect.object || known.needs != effect.needs || known.touch != effect.touch) continue;
      known.bytes |= effect.bytes;
      return;
    }
  }
  (effect.touch <= Touch::check ? open_.reads : open_.writes) |= bit;
  open_effects_.push_back(effect);
}

void Trace::enable(std::uint16_t thread, bool or_timeout) {
  make_room(enabled_, thread, Enabled{});
  enabled_[thread] = {static_cast<std::int32_t>(done_), or_timeout};
}

void Trace::drop() {
  is_open_ = false;
  if (open_want_.needs > 0) make_room(waiting_, open_.thread, Effect{}) = open_want_;
}

void Trace::close() {
  is_open_ = false;
  if (done_ < kept_) {
    const Footprint known = footprint(done_);
    const auto known_answers = answers(done_);
    diverged_ |= steps_[done_].thread != open_.thread || !std::ranges::equal(known.effects, open_effects_) ||
                 !std::ranges::equal(known_answers, open_answers_);
  } else {
    open_.first_effect = static_cast<std::uint32_t>(effects_.size());
    open_.effect_count = static_cast<std::uint32_t>(open_effects_.size());
    open_.first_answer = static_cast<std::uint32_t>(answers_.size());
    open_.answer_count = static_cast<std::uint32_t>(open_answers_.size());
    effects_.insert(effects_.end(), open_effects_.begin(), open_effects_.end());
    answers_.insert(answers_.end(), open_answers_.begin(), open_answers_.end());
    steps_.push_back(open_);
  }
  ++done_;
  ++positions_[open_.thread];
  enabled_[open_.thread] = {};
  if (open_.thread < waiting_.size() || open_want_.needs > 0) make_room(waiting_, open_.thread, Effect{}) = open_want_;
}

void Trace::join(std::uint32_t* into, std::uint32_t step) const {
  const std::uint32_t* from = clock(step);
  for (std::uint32_t i = 0; i < stride_; i++) into[i] = std::max(into[i], from[i]);
}

Trace::Chain& Trace::chain(std::uint64_t object) {
  const std::uint32_t mask = static_cast<std::uint32_t>(chains_.size()) - 1;
  for (std::uint32_t i = static_cast<std::uint32_t>((object * 0x9E3779B97F4A7C15u) >> 40) & mask;; i = (i + 1) & mask) {
    Chain& chain = chains_[i];
    if (chain.generation != generation_) {
      if (++chains_used_ * 2 > mask) {
        grow_chains();
        return this->chain(object);
      }
      chain = {object, generation_, -1};
      return chain;
    }
    if (chain.object == object) return chain;
  }
}

void Trace::grow_chains() {
  ArenaVector<Chain> old(chains_.size() * 2, Chain{}, chains_.get_allocator());
  old.swap(chains_);
  chains_used_ = 0;
  for (const Chain& known : old)
    if (known.generation == generation_) chain(known.object).latest = known.latest;
}

void Trace::enter(std::uint32_t step) {
  const Step& entered = steps_[step];
  for (std::uint32_t i = 0; i < entered.effect_count; i++) {
    Chain& of = chain(effects_[entered.first_effect + i].object);
    entries_.push_back({step, entered.first_effect + i, of.latest});
    of.latest = static_cast<std::int32_t>(entries_.size()) - 1;
  }
}

// Adds to before_ what `effect` depends on and `clock` does not know yet. What lies behind a write that covers the
// effect happened before that write.
void Trace::find_before(const Effect& effect, const std::uint32_t* clock) {
  bool covered = false;
  bool closed = false;  // by what lies between
  for (std::int32_t at = chain(effect.object).latest; at >= 0; at = entries_[at].previous) {
    const Entry& entry = entries_[at];
    const Effect& earlier = effects_[entry.effect];
    if (!conflict(effect, earlier)) continue;
    // One that waits can come earlier only where the object was open: before the lock, not before the unlock.
    const bool could_go_on = earlier.open >= effect.needs;
    if (!knows(clock, entry.step) && (!covered || could_go_on))
      before_.push_back({entry.step, effect.object, could_go_on, closed});
    closed |= !could_go_on;
    if (!is_write(earlier.touch) || (effect.bytes & ~earlier.bytes) != 0) continue;
    if (could_go_on) return;
    covered = true;
  }
}

bool Trace::next_to_each_other(const Before& first) const {
  return std::ranges::none_of(before_, [&](const Before& other) {
    if (other.step == first.step || (first.beyond && other.object == first.object)) return false;
    return happens_before(first.step, other.step);
  });
}

void Trace::order_step(std::uint32_t step, ArenaVector<Reversible>& pairs) {
  const Step& ordered = steps_[step];
  std::uint32_t* own = clock(step);
  if (const std::int32_t last = last_[ordered.thread]; last >= 0) {
    std::copy_n(clock(last), stride_, own);
  } else {
    std::fill_n(own, stride_, 0);
  }
  const std::size_t known_pairs = pairs.size();
  if (ordered.enabled_by >= 0) {
    const auto by = static_cast<std::uint32_t>(ordered.enabled_by);
    if (ordered.or_timeout && !knows(own, by)) pairs.push_back({by, step});
    join(own, by);
  }
  before_.clear();
  for (std::uint32_t i = 0; i < ordered.effect_count; i++) find_before(effects_[ordered.first_effect + i], own);
  for (const Before& first : before_) {
    if (!first.reversible || !next_to_each_other(first)) continue;
    const auto same = [&](const Reversible& pair) { return pair.first == first.step; };
    if (std::none_of(pairs.begin() + static_cast<std::ptrdiff_t>(known_pairs), pairs.end(), same))
      pairs.push_back({first.step, step});
  }
  for (const Before& first : before_) join(own, first.step);
  own[ordered.thread] = ordered.position;
}

void Trace::add_behind(std::uint16_t thread, const Effect& effect, bool unknown) {
  make_room(enabled_, thread, Enabled{});
  make_room(positions_, thread, 0u);
  threads_ = std::max<std::uint16_t>(threads_, thread + 1);
  Step step{};
  step.thread = thread;
  step.unknown = unknown;
  step.enabled_by = enabled_[thread].by;
  step.position = positions_[thread] + 1;
  step.first_effect = static_cast<std::uint32_t>(effects_.size());
  step.effect_count = 1;
  step.first_answer = static_cast<std::uint32_t>(answers_.size());
  step.writes = digest_bit(effect.object);
  effects_.push_back(effect);
  steps_.push_back(step);
}

void Trace::add_waiting() {
  for (std::uint16_t thread = 0; thread < waiting_.size(); thread++)
    if (waiting_[thread].needs > 0) add_behind(thread, waiting_[thread], false);
  for (const std::uint16_t thread : left_) add_behind(thread, {kWorld, 1, Touch::read}, true);
}

void Trace::order(ArenaVector<Reversible>& pairs) {
  add_waiting();
  if (threads_ > stride_) {
    pairs_.clear();
    stride_ = (threads_ + 7u) & ~7u;
    ordered_ = 0;
  }
  clocks_.resize(steps_.size() * stride_);
  last_.assign(threads_, -1);
  ++generation_;
  chains_used_ = 0;
  entries_.clear();
  for (std::uint32_t i = 0; i < done_; i++) {
    if (i >= ordered_) {
      order_step(i, pairs_);
    }
    enter(i);
    last_[steps_[i].thread] = static_cast<std::int32_t>(i);
  }
  ordered_ = done_;
  pairs.assign(pairs_.begin(), pairs_.end());
  for (std::uint32_t i = done_; i < steps_.size(); i++) order_step(i, pairs);
}

bool Trace::ends_after_all() const {
  if (done_ == 0 || ordered_ != done_) return false;
  for (std::uint32_t i = 0; i < done_; i++)
    if (!happens_before(i, done_ - 1)) return false;
  return true;
}

bool Trace::is_exact() const {
  int starter = -1;
  for (std::uint32_t i = 0; i < done_; i++) {
    const Step& step = steps_[i];
    if (step.or_timeout || step.unknown) return false;
    for (const Effect& effect : footprint(i).effects) {
      if (effect.touch == Touch::check) return false;
      if (effect.object != kThreads.object) continue;
      if (starter >= 0 && starter != step.thread) return false;
      starter = step.thread;
    }
  }
  return true;
}

}  // namespace racecourse::schedule
