#include <racecourse/checkers/schedule/trace_digest.h>
#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <new>

namespace racecourse::schedule {

namespace {

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  std::uint64_t mixed = (a ^ (b + 0x9E3779B97F4A7C15u)) * 0xBF58476D1CE4E5B9u;
  mixed = (mixed ^ (mixed >> 31)) * 0x94D049BB133111EBu;
  return mixed ^ (mixed >> 29);
}

std::uint32_t slot_of(std::uint64_t number) { return static_cast<std::uint32_t>(mix(number, 0) >> 40); }

// The kinds that traces tell apart: a write of what was there already is one, too.
enum Kind : std::uint64_t { kReads, kAdds, kWrites, kAnswers };
Kind kind_of(Touch touch) {
  if (touch == Touch::add) return kAdds;
  return is_write(touch) ? kWrites : kReads;
}

}  // namespace

TraceDigest::TraceDigest() {
  void* memory = mmap(nullptr, (kSlots + 1) * sizeof(Object), PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  objects_ = static_cast<Object*>(memory);
}

TraceDigest::~TraceDigest() { munmap(objects_, (kSlots + 1) * sizeof(Object)); }

void TraceDigest::begin() {
  ++generation_;
  used_ = 0;
  sum_ = 0;
  threads_[0] = {kBodyName, 0, 0, 0};
}

void TraceDigest::started(int thread, int parent) {
  Thread& parents = threads_[static_cast<std::size_t>(parent)];
  const ThreadName of_parent = static_cast<ThreadName>(parents.name);
  threads_[static_cast<std::size_t>(thread)] = {child_name(of_parent, ++parents.children), 0, 0, 0};
}

const TraceDigest::Object* TraceDigest::find(std::uint64_t number) const {
  for (std::uint32_t slot = slot_of(number) % kSlots;; slot = (slot + 1) % kSlots) {
    const Object& object = objects_[slot];
    if (object.generation != generation_) return nullptr;
    if (object.number == number) return &object;
  }
}

TraceDigest::Object& TraceDigest::object(std::uint64_t number) {
  std::uint32_t slot = slot_of(number) % kSlots;
  for (; objects_[slot].generation == generation_; slot = (slot + 1) % kSlots)
    if (objects_[slot].number == number) return objects_[slot];
  if (++used_ > kMostObjects) used_ = kMostObjects + 1;  // the last one is taken again and again
  Object& object = objects_[used_ > kMostObjects ? kSlots : slot];
  object = {number, generation_, {}, {}};
  return object;
}

std::uint32_t TraceDigest::touch(int thread, const Effect& effect, std::uint32_t place, bool spins) {
  if (!is_complete()) return 0;
  Thread& by = threads_[static_cast<std::size_t>(thread)];
  Object& at = object(effect.object);
  const auto first = static_cast<std::size_t>(std::countr_zero(static_cast<unsigned>(effect.bytes)));
  const std::uint32_t source = at.place[first];
  // Mostly all bytes were written together.
  std::uint64_t behind = at.behind[first];
  for (std::size_t byte = first + 1; byte < 8; ++byte)
    if ((effect.bytes >> byte & 1) && at.behind[byte] != at.behind[first]) behind = mix(behind, at.behind[byte] + byte);
  const Kind kind = kind_of(effect.touch);
  const std::uint64_t saw = mix(behind, effect.object);
  if (spins && kind == kReads && by.last == saw) return source;
  by.last = saw;
  const std::uint64_t self = mix(by.name << 32 | ++by.effects, kind);
  sum_ += kind == kAdds ? self : mix(self, behind);
  if (kind == kReads) return source;
  for (std::size_t byte = first; byte < 8; ++byte) {
    if (!(effect.bytes >> byte & 1)) continue;
    at.behind[byte] = kind == kAdds ? at.behind[byte] + self : self;
    at.place[byte] = place;
  }
  return source;
}

void TraceDigest::answer(int thread, std::uint32_t value) {
  Thread& by = threads_[static_cast<std::size_t>(thread)];
  sum_ += mix(mix(by.name << 32 | ++by.effects, kAnswers), value);
}

void TraceDigest::forget(std::uint64_t address, std::uint64_t size) {
  const std::uint64_t from = address >> 3, to = (address + size + 7) >> 3;
  const auto clear = [](Object& object) {
    std::ranges::fill(object.behind, 0);
    std::ranges::fill(object.place, 0);
  };
  // Few objects, or few addresses: take the cheaper way round.
  if (to - from <= kSlots) {
    for (std::uint64_t number = from; number < to; ++number)
      if (const Object* object = find(number)) clear(const_cast<Object&>(*object));
    return;
  }
  for (std::uint32_t slot = 0; slot < kSlots; ++slot) {
    Object& object = objects_[slot];
    if (object.generation == generation_ && object.number >= from && object.number < to) clear(object);
  }
}

}  // namespace racecourse::schedule
