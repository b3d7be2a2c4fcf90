#include <racecourse/checkers/detect/spilled.h>
#include <sys/mman.h>

namespace racecourse::detect {

[[gnu::section("racecourse_state")]] bool is_exact = false;

namespace {

constexpr std::uint32_t kMostSpilled = 1u << 24;
constexpr std::uint32_t kPlaces = 1u << 16;

// A list for all granules of one hash.
struct Place {
  std::uint64_t generation;
  Spilled* first;
};

// Mapped by the worker and lazily backed.
struct Table {
  Place places[kPlaces];
  Spilled entries[kMostSpilled];
};

[[gnu::section("racecourse_state")]] Table* table = nullptr;
[[gnu::section("racecourse_state")]] std::uint32_t used = 0;
[[gnu::section("racecourse_state")]] std::uint64_t generation = 0;

Place& place_of(std::uint64_t address) {
  Place& place = table->places[(granule(address) * 0x9E3779B97F4A7C15u) >> 48];
  if (place.generation != generation) place = {generation, nullptr};
  return place;
}

}  // namespace

void check_exactly(bool exactly) {
  is_exact = exactly;
  if (!exactly) return;
  if (table == nullptr) {
    void* memory =
        mmap(nullptr, sizeof(Table), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) runtime::refuse("cannot map memory for an exact race check");
    madvise(memory, sizeof(Table), MADV_DONTDUMP);
    table = static_cast<Table*>(memory);
  }
  used = 0;
  ++generation;
}

void spill(std::uint64_t address, Cell cell) {
  if (used == kMostSpilled) runtime::refuse("more than %u accesses to remember in one execution", kMostSpilled);
  Place& place = place_of(address);
  Spilled& spilled = table->entries[used++];
  spilled = {cell, granule(address), place.first};
  place.first = &spilled;
}

const Spilled* spilled_near(std::uint64_t address) { return place_of(address).first; }

void forget_spilled(std::uint64_t address) {
  Place& place = place_of(address);
  for (Spilled** at = &place.first; *at != nullptr;) {
    if ((*at)->granule == granule(address))
      *at = (*at)->next;
    else
      at = &(*at)->next;
  }
}

}  // namespace racecourse::detect
