#include <racecourse/checkers/detect/clock.h>
#include <racecourse/checkers/detect/excuse.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cstring>

namespace racecourse::detect {

[[gnu::section("racecourse_state")]] Slot* slots = nullptr;
[[gnu::section("racecourse_state")]] std::uint32_t slot_mask = 4095;
[[gnu::section("racecourse_state")]] std::uintptr_t lowest_object = 0;
[[gnu::section("racecourse_state")]] std::uintptr_t highest_object = 0;

namespace {

constexpr std::uint32_t kMaxSlots = 1u << 20;

// Mapped by the worker and lazily backed.
struct Table {
  Slot slots[kMaxSlots];
  Published published[kMaxSlots / 2];
};

[[gnu::section("racecourse_state")]] Table* table = nullptr;
[[gnu::section("racecourse_state")]] std::uint32_t used = 0;
// All their addresses are multiples of this, which is a power of 2 and at most 4.
[[gnu::section("racecourse_state")]] std::size_t stride = 4;

Slot& free_slot(const void* object) {
  std::uint32_t i = slot_hash(object) & slot_mask;
  while (slots[i].generation == rt.generation) i = (i + 1) & slot_mask;
  return slots[i];
}

// Twice the slots: a new generation empties the table, and the clocks in use are entered again.
void grow() {
  if ((slot_mask + 1) * 2 > kMaxSlots) runtime::refuse("more than %u synchronisation objects in one execution", used);
  struct Kept {
    const void* object;
    Published* published;
  };
  const std::size_t bytes = used * sizeof(Kept);
  // mmap() is the program's.
  const long memory = runtime::raw_syscall(SYS_mmap, 0, static_cast<long>(bytes), PROT_READ | PROT_WRITE,
                                           MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory < 0 && memory > -4096) runtime::refuse("cannot map memory for vector clocks");
  auto* kept = reinterpret_cast<Kept*>(memory);
  std::uint32_t count = 0;
  for (std::uint32_t i = 0; i <= slot_mask; ++i)
    if (slots[i].generation == rt.generation) kept[count++] = {slots[i].object, slots[i].published};
  ++rt.generation;
  slot_mask = slot_mask * 2 + 1;
  for (std::uint32_t i = 0; i < count; ++i)
    free_slot(kept[i].object) = {kept[i].object, rt.generation, kept[i].published};
  runtime::raw_syscall(SYS_munmap, memory, static_cast<long>(bytes));
}

}  // namespace

void prepare_clocks() {
  void* memory =
      mmap(nullptr, sizeof(Table), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) runtime::refuse("cannot map memory for vector clocks");
  madvise(memory, sizeof(Table), MADV_DONTDUMP);
  table = static_cast<Table*>(memory);
  slots = table->slots;
  rt.clock_size = kAtOnce;
}

void reset_clocks() {
  ++rt.generation;
  rt.recent_atomic = 0;
  used = 0;
  lowest_object = ~std::uintptr_t{0};
  highest_object = 0;
  stride = 4;
}

void restart_epochs() {
  for (Fiber& fiber : rt.fibers)
    if (fiber.epoch != nullptr) *fiber.epoch = 0;
}

void grow_clocks(int threads) {
  const int size = (threads + kAtOnce - 1) / kAtOnce * kAtOnce;
  const std::size_t bytes = (size - rt.clock_size) * sizeof(Epoch);
  for (int i = 0; i < rt.thread_count; ++i) {
    Fiber& fiber = rt.fibers[i];
    std::memset(&fiber.clock->of[rt.clock_size], 0, bytes);
    std::memset(&fiber.release_fence->of[rt.clock_size], 0, bytes);
    std::memset(&fiber.acquire_pending->of[rt.clock_size], 0, bytes);
  }
  for (std::uint32_t i = 0; i < used; ++i) std::memset(&table->published[i].clock.of[rt.clock_size], 0, bytes);
  rt.clock_size = static_cast<std::uint16_t>(size);
}

Epoch start_again(const Fiber& fiber, Epoch last) {
  // The new owner's epochs say nothing about what the last one knew.
  for (std::uint32_t i = 0; i < used; ++i)
    if (thread_of(table->published[i].stamp) == fiber.id) table->published[i].stamp = kNobody;
  return last + 1;
}

Epoch greatest_epoch() {
  Epoch greatest = rt.base_epoch;
  for (int i = 0; i < rt.thread_count; ++i) {
    const Epoch own = epoch_of(rt.fibers[i].stamp);
    if (own > greatest) greatest = own;
  }
  return greatest;
}

Published& add_published(const void* object) {
  if (used * 2 > slot_mask) grow();
  Published& published = table->published[used++];
  clear(published);
  lowest_object = std::min(lowest_object, reinterpret_cast<std::uintptr_t>(object));
  highest_object = std::max(highest_object, reinterpret_cast<std::uintptr_t>(object));
  while ((reinterpret_cast<std::uintptr_t>(object) & (stride - 1)) != 0) stride /= 2;
  free_slot(object) = {object, rt.generation, &published};
  return published;
}

}  // namespace racecourse::detect

namespace racecourse::runtime {

void acquire(const void* object) {
  if (!rt.checking) return;
  if (const detect::Published* published = detect::find_published(object)) detect::learn(*self().clock, *published);
}

namespace {

[[gnu::noinline]] void release_more(const void* object) {
  Fiber& fiber = self();
  detect::add(detect::published_by(object), *fiber.clock, fiber.id);
  detect::advance(fiber);
}

}  // namespace

void release(const void* object) {
  if (!rt.checking) return;
  Fiber& fiber = self();
  detect::Published* published = detect::find_published(object);
  if (RC_UNLIKELY(published == nullptr) || RC_UNLIKELY(!detect::knows(*fiber.clock, *published)))
    return release_more(object);
  detect::hand_on(fiber, *published);
}

void release_store(const void* object) {
  if (!rt.checking) return;
  detect::hand_on(self(), detect::published_by(object));
}

void forget_sync(const void* base, std::size_t size) {
  const auto begin = reinterpret_cast<std::uintptr_t>(base);
  detect::forget_expected_races(begin, size);
  if (!detect::may_hold_objects(begin, size)) return;
  // Few objects, or few addresses: take the cheaper way round.
  if (size / detect::stride <= detect::slot_mask) {
    for (std::size_t at = 0; at < size; at += detect::stride)
      if (auto* published = detect::find_published(reinterpret_cast<const void*>(begin + at)))
        detect::clear(*published);
    return;
  }
  for (std::uint32_t i = 0; i <= detect::slot_mask; ++i) {
    const detect::Slot& slot = detect::slots[i];
    const auto object = reinterpret_cast<std::uintptr_t>(slot.object);
    if (slot.generation == rt.generation && object >= begin && object < begin + size) detect::clear(*slot.published);
  }
}

}  // namespace racecourse::runtime
