#include <racecourse/checkers/detect/clock.h>

#include <sys/mman.h>

#include <cstring>

namespace racecourse::detect {

using runtime::rt;

namespace {

struct Slot {
  const void* object;
  std::uint64_t generation;
  Clock* clock;
};

constexpr std::uint32_t kMaxSlots = 1u << 20;

// Open addressing; a slot whose generation is not the execution's is free. Mapped by the worker and lazily backed.
struct Table {
  Slot slots[kMaxSlots];
  Clock clocks[kMaxSlots / 2];
};

[[gnu::section("racecourse_state")]] Table* table = nullptr;
[[gnu::section("racecourse_state")]] std::uint32_t mask = 4095;
[[gnu::section("racecourse_state")]] std::uint32_t used = 0;

std::uint32_t hash(const void* object) {
  return static_cast<std::uint32_t>((reinterpret_cast<std::uintptr_t>(object) * 0x9E3779B97F4A7C15u) >> 40);
}

Slot& slot_of(const void* object) {
  for (std::uint32_t i = hash(object) & mask;; i = (i + 1) & mask) {
    Slot& slot = table->slots[i];
    if (slot.generation != rt.generation || slot.object == object) return slot;
  }
}

// Twice the slots: a new generation empties the table, and the clocks in use are entered again.
void grow() {
  if ((mask + 1) * 2 > kMaxSlots) runtime::refuse("more than %u synchronisation objects in one execution", used);
  struct Kept {
    const void* object;
    Clock* clock;
  };
  const std::size_t bytes = used * sizeof(Kept);
  auto* kept = static_cast<Kept*>(
      mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  std::uint32_t count = 0;
  for (std::uint32_t i = 0; i <= mask; ++i)
    if (table->slots[i].generation == rt.generation) kept[count++] = {table->slots[i].object, table->slots[i].clock};
  ++rt.generation;
  mask = mask * 2 + 1;
  for (std::uint32_t i = 0; i < count; ++i) slot_of(kept[i].object) = {kept[i].object, rt.generation, kept[i].clock};
  munmap(kept, bytes);
}

std::size_t bytes_in_use() { return rt.clock_size * sizeof(Epoch); }

}  // namespace

void prepare_clocks() {
  void* memory =
      mmap(nullptr, sizeof(Table), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) runtime::refuse("cannot map memory for vector clocks");
  madvise(memory, sizeof(Table), MADV_DONTDUMP);
  table = static_cast<Table*>(memory);
  rt.clock_size = 8;
}

void reset_clocks() {
  ++rt.generation;
  used = 0;
}

void reserve_clocks(int threads) {
  if (threads <= rt.clock_size) return;
  const int size = (threads + 7) & ~7;
  const std::size_t bytes = (size - rt.clock_size) * sizeof(Epoch);
  for (int i = 0; i < rt.thread_count; ++i) {
    Fiber& fiber = rt.fibers[i];
    std::memset(&fiber.clock->of[rt.clock_size], 0, bytes);
    std::memset(&fiber.release_fence->of[rt.clock_size], 0, bytes);
    std::memset(&fiber.acquire_pending->of[rt.clock_size], 0, bytes);
  }
  for (std::uint32_t i = 0; i < used; ++i) std::memset(&table->clocks[i].of[rt.clock_size], 0, bytes);
  rt.clock_size = static_cast<std::uint16_t>(size);
}

void start_clock(Fiber& fiber, Fiber* parent) {
  // A number that was used before goes on where its last owner stopped.
  const Epoch before = fiber.clock->of[fiber.id];
  if (parent == nullptr) {
    std::memset(fiber.clock, 0, bytes_in_use());
  } else {
    copy(*fiber.clock, *parent->clock);
    advance(*parent);
  }
  fiber.clock->of[fiber.id] = before >= rt.base_epoch ? before + 1 : rt.base_epoch;
}

Epoch greatest_epoch() {
  Epoch greatest = rt.base_epoch;
  for (int i = 0; i < rt.thread_count; ++i) {
    const Epoch own = rt.fibers[i].clock->of[i];
    if (own > greatest) greatest = own;
  }
  return greatest;
}

Clock* find_clock(const void* object) {
  const Slot& slot = slot_of(object);
  return slot.generation == rt.generation ? slot.clock : nullptr;
}

Clock& clock_of(const void* object) {
  Slot* slot = &slot_of(object);
  if (RC_LIKELY(slot->generation == rt.generation)) return *slot->clock;
  if (used * 2 > mask) {
    grow();
    slot = &slot_of(object);
  }
  Clock& clock = table->clocks[used++];
  std::memset(&clock, 0, bytes_in_use());
  *slot = {object, rt.generation, &clock};
  return clock;
}

void join(Clock& into, const Clock& from) {
  const int size = rt.clock_size;
  for (int i = 0; i < size; i += 8)
    for (int k = i; k < i + 8; ++k) into.of[k] = into.of[k] > from.of[k] ? into.of[k] : from.of[k];
}

void copy(Clock& into, const Clock& from) { std::memcpy(&into, &from, bytes_in_use()); }

}  // namespace racecourse::detect

namespace racecourse::runtime {

void acquire(const void* object) {
  if (const Clock* clock = detect::find_clock(object)) detect::join(*self().clock, *clock);
}

void release(const void* object) {
  detect::join(detect::clock_of(object), *self().clock);
  detect::advance(self());
}

void release_store(const void* object) {
  detect::copy(detect::clock_of(object), *self().clock);
  detect::advance(self());
}

void acquire_thread(const Fiber& ended) { detect::join(*self().clock, *ended.clock); }

void forget_sync(const void* base, std::size_t size) {
  // Few objects, or few addresses: take the cheaper way round.
  const auto begin = reinterpret_cast<std::uintptr_t>(base);
  const auto forget = [](Clock& clock) { std::memset(&clock, 0, rt.clock_size * sizeof(Epoch)); };
  if (detect::used == 0) return;
  if (size / 4 <= detect::mask) {
    for (std::size_t at = 0; at < size; at += 4)
      if (Clock* clock = detect::find_clock(reinterpret_cast<const void*>(begin + at))) forget(*clock);
    return;
  }
  for (std::uint32_t i = 0; i <= detect::mask; ++i) {
    const detect::Slot& slot = detect::table->slots[i];
    const auto object = reinterpret_cast<std::uintptr_t>(slot.object);
    if (slot.generation == rt.generation && object >= begin && object < begin + size) forget(*slot.clock);
  }
}

}  // namespace racecourse::runtime
