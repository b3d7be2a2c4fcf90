#include <racecourse/checkers/schedule/rff.h>

#include <algorithm>
#include <span>

namespace racecourse::schedule {

namespace {

bool may_write(Access access) {
  switch (access) {
    case Access::none:
    case Access::read:
    case Access::start:
    case Access::join:
    case Access::end:
    case Access::notify:
      return false;
    default:
      return true;
  }
}

bool may_read(Access access) {
  return access == Access::read || (may_write(access) && access != Access::unlock && access != Access::other);
}

}  // namespace

void Rff::begin(std::uint64_t execution, std::uint64_t seed, const Learnt& learnt) {
  random_.reseed(seed ^ execution << 20);
  priorities_.begin();
  places_.fill(0);
  executed_ = {};
  alone_ = true;
  if (learnt.experience != nullptr && listed_ != learnt.experience->boundaries) {
    list_pairs(learnt.experience->known_pairs);
    listed_ = learnt.experience->boundaries;
  }
  make_wishes();
}

void Rff::list_pairs(const ReadsFromTable& known) {
  pair_count_ = 0;
  for (const ReadsFromTable::Entry& entry : known.slots())
    if (entry.key != 0 && pair_count_ < kMaxKnown) pairs_[pair_count_++] = entry;
  std::ranges::sort(std::span(pairs_).first(pair_count_), {}, &ReadsFromTable::Entry::order);
  add_unseen();
  // Where there is only one writer, there is nothing to wish for.
  std::array<bool, kMaxPairs> has_choice{};
  for (std::uint32_t i = 0; i < pair_count_; ++i) has_choice[i] = pairs_of(pairs_[i].reader()) > 1;
  std::uint32_t kept = 0;
  for (std::uint32_t i = 0; i < pair_count_; ++i)
    if (has_choice[i]) pairs_[kept++] = pairs_[i];
  pair_count_ = kept;
}

std::ptrdiff_t Rff::pairs_of(Place reader) const {
  return std::ranges::count(std::span(pairs_).first(pair_count_), reader, &ReadsFromTable::Entry::reader);
}

// What a reader was never seen to read: what was there at first, and what others read of the same object.
void Rff::add_unseen() {
  const auto known = std::span(pairs_).first(pair_count_);
  const auto add = [&](const ReadsFromTable::Entry& of, Place writer) {
    const std::uint64_t key = std::uint64_t{of.reader()} << 32 | writer;
    const auto all = std::span(pairs_).first(pair_count_);
    if (pair_count_ == kMaxPairs || std::ranges::count(all, key, &ReadsFromTable::Entry::key) > 0) return;
    pairs_[pair_count_++] = {key, of.object, 0, 0};
  };
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (std::ranges::count(known.first(i), known[i].reader(), &ReadsFromTable::Entry::reader) > 0) continue;
    add(known[i], 0);
    for (const ReadsFromTable::Entry& other : known)
      if (other.object == known[i].object) add(known[i], other.writer());
  }
}

// Half of the time any; else one that was seen, in inverse proportion to how often.
const ReadsFromTable::Entry& Rff::draw_pair() {
  const std::uint32_t any = random_.below(pair_count_);
  if (random_.below(2) == 0) return pairs_[any];
  double sum = 0;
  std::uint32_t drawn = any;
  for (std::uint32_t i = 0; i < pair_count_; ++i) {
    if (pairs_[i].executions == 0) continue;
    const double weight = 1.0 / static_cast<double>(pairs_[i].executions);
    sum += weight;
    if (random_.unit() * sum < weight) drawn = i;
  }
  return pairs_[drawn];
}

void Rff::make_wishes() {
  wish_count_ = 0;
  if (pair_count_ == 0) return;
  std::uint32_t draws = 1;
  while (draws < kMostWishes && random_.below(3) != 0) ++draws;
  for (; draws > 0; --draws) {
    const ReadsFromTable::Entry& pair = draw_pair();
    const auto wishes = std::span(wishes_).first(wish_count_);
    if (std::ranges::any_of(wishes, [&](const Wish& wish) { return wish.reader == pair.reader(); })) continue;
    wishes_[wish_count_++] = {pair.reader(), pair.writer(), pair.object, 0, true};
  }
}

bool Rff::concerns(const Wish& wish, const Pending& pending) const {
  if (!wish.open) return false;
  if (pending.access == Access::read || pending.access == Access::write)
    return wish.object - pending.object < pending.size;
  // Locks go by granules, see objects.h.
  const std::uint64_t granule = wish.object >> 3;
  return pending.object >> 3 == granule || (pending.also != 0 && pending.also >> 3 == granule);
}

bool Rff::reads(const Wish& wish, int thread, const Pending& pending) const {
  return may_read(pending.access) && reader_at(places_[static_cast<std::size_t>(thread)], wish.object) == wish.reader;
}

Rff::Call Rff::call(int thread, const Pending& pending) const {
  Call result = Call::free;
  if (pending.object == 0 || alone_) return result;
  for (std::uint32_t i = 0; i < wish_count_; ++i) {
    const Wish& wish = wishes_[i];
    if (!concerns(wish, pending)) continue;
    const bool fulfilled = wish.last == wish.writer;
    if (reads(wish, thread, pending)) {
      if (fulfilled) return Call::now;
      result = Call::waits;
    } else if (fulfilled && may_write(pending.access)) {
      result = Call::waits;
    }
  }
  return result;
}

void Rff::release(int thread, const Pending& pending) {
  for (std::uint32_t i = 0; i < wish_count_; ++i) {
    Wish& wish = wishes_[i];
    if (concerns(wish, pending) && (reads(wish, thread, pending) || wish.last == wish.writer)) wish.open = false;
  }
}

void Rff::happens(int thread, const Pending& pending) {
  if (pending.object == 0 || alone_) return;
  for (std::uint32_t i = 0; i < wish_count_; ++i) {
    Wish& wish = wishes_[i];
    if (!concerns(wish, pending)) continue;
    if (reads(wish, thread, pending) && wish.last == wish.writer) wish.open = false;
    if (may_write(pending.access)) wish.last = places_[static_cast<std::size_t>(thread)];
  }
}

int Rff::next_of(const View& view) {
  int now = -1, free = -1, waiting = -1;
  std::int64_t highest_now = 0, highest_free = 0;
  std::uint32_t waiters = 0;
  for (const std::uint16_t thread : view.enabled) {
    const std::int64_t priority = priorities_.of(thread, random_);
    switch (call(thread, view.pending[thread])) {
      case Call::now:
        if (now < 0 || priority > highest_now) now = thread, highest_now = priority;
        break;
      case Call::free:
        if (free < 0 || priority > highest_free) free = thread, highest_free = priority;
        break;
      case Call::waits:
        if (random_.below(++waiters) == 0) waiting = thread;
        break;
    }
  }
  if (now >= 0) return now;
  if (free >= 0 && !priorities_.demoted(free)) return free;
  if (waiting < 0) return free;
  // All others wait for what does not come: perhaps for one of those that wait here.
  release(waiting, view.pending[static_cast<std::size_t>(waiting)]);
  return waiting;
}

Choice Rff::choose(const View& view) {
  priorities_.look(view);
  for (const std::uint16_t thread : view.enabled)
    if (thread != view.current && conflict(executed_, view.pending[thread])) priorities_.redraw(thread);
  const int chosen = next_of(view);
  const int next = or_timer(chosen, view, random_);
  executed_ = next == chosen ? view.pending[static_cast<std::size_t>(next)] : Pending{};
  happens(next, executed_);
  return {next, 1};
}

}  // namespace racecourse::schedule
