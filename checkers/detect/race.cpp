#include <racecourse/checkers/detect/race.h>

#include <racecourse/checkers/detect/finding.h>

#include <sys/mman.h>

namespace racecourse::detect {

using runtime::rt;

namespace {

const char* describe(Cell cell) {
  if (cell & kAtomic) return cell & kWrite ? "atomic write" : "atomic read";
  return cell & kWrite ? "write" : "read";
}

[[gnu::noinline]] void report(Cell mine, Cell theirs, std::uint64_t address, unsigned size, std::uint64_t pc) {
  remember_race(address);
  if (!rt.race_check) return;
  report::RawFinding* finding = add_finding(Kind::data_race, pc, reinterpret_cast<const void*>(address), pc);
  if (finding == nullptr) return;
  finding->other = static_cast<std::uint16_t>(theirs >> 24 & 0xff);
  finding->thread_is_write = mine & kWrite;
  finding->other_is_write = theirs & kWrite;
  finding->access_size = static_cast<std::uint8_t>(size);
  set_message(*finding, "%s by T%u races with %s by T%u", describe(mine), runtime::self().id, describe(theirs),
              finding->other);
  if (rt.stop_at_race) runtime::end_execution();
}

}  // namespace

void prepare_race_shadow() {
  if (rt.shadow != nullptr) return;
  void* memory =
      mmap(nullptr, kShadowBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED)
    runtime::refuse(
        "cannot reserve %zu GiB of address space for the race shadow; lift `ulimit -v`, set "
        "vm.overcommit_memory to 0 or 1, or pass race_check=0",
        kShadowBytes >> 30);
  madvise(memory, kShadowBytes, MADV_DONTDUMP);
  madvise(memory, kShadowBytes, MADV_NOHUGEPAGE);
  rt.shadow = static_cast<std::uint64_t*>(memory);
}

void clear_race_shadow() {
  if (rt.shadow != nullptr) madvise(rt.shadow, kShadowBytes, MADV_DONTNEED);
}

void remember_race(std::uint64_t address) {
  const std::uint32_t bit = static_cast<std::uint32_t>((granule(address) * 0x9E3779B97F4A7C15u) >> 48);
  rt.shared_map[bit >> 3] |= static_cast<std::uint8_t>(1u << (bit & 7));
}

void check_slow(Cell* cells, Cell mine, std::uint64_t address, unsigned size, std::uint64_t pc) {
  constexpr Cell kAllButEpoch = 0xffffffff;
  if ((cells[1] >> 32) < rt.base_epoch && ((cells[0] ^ mine) & kAllButEpoch) == 0) {
    cells[0] = mine;  // the same access again, by the only thread that was here
    return;
  }
  if (cells[1] == mine || cells[2] == mine || cells[3] == mine) return;
  const runtime::Fiber& fiber = runtime::self();
  const std::uint64_t bytes = mine >> 8 & 0xff;
  bool stored = false;
  for (int i = 0; i < 4; ++i) {
    const Cell cell = cells[i];
    const runtime::Epoch epoch = static_cast<runtime::Epoch>(cell >> 32);
    if (epoch < rt.base_epoch) {
      if (!stored) cells[i] = mine;
      return;
    }
    const std::uint64_t overlap = cell >> 8 & bytes;
    if (overlap == 0) continue;
    // `mine` makes an older entry superfluous if it covers its bytes and conflicts with all that the entry conflicts with.
    const bool covers = (cell >> 8 & 0xff & ~bytes) == 0 && ((mine & kWrite) || !(cell & kWrite)) &&
                        (!(mine & kAtomic) || (cell & kAtomic));
    const auto thread = static_cast<std::uint16_t>(cell >> 24 & 0xff);
    const bool ordered = thread == fiber.id || epoch <= fiber.clock->of[thread];
    if (ordered) {
      if (covers) {
        cells[i] = mine;
        stored = true;
      }
      continue;
    }
    if (!((mine | cell) & kWrite) || (mine & cell & kAtomic)) continue;
    report(mine, cell, address, size, pc);
    cells[i] = mine;
    stored = true;
  }
  if (!stored) cells[rt.tick & 3] = mine;
}

void check_range(std::uint64_t address, std::size_t size, std::uint64_t kind, std::uint64_t pc) {
  const std::uint64_t end = address + size;
  while (address < end) {
    std::uint64_t part = 8 - (address & 7);
    if (part > end - address) part = end - address;
    check(address, static_cast<unsigned>(part), kind, pc);
    address += part;
  }
}

}  // namespace racecourse::detect

namespace racecourse::runtime {

void access(const void* address, std::size_t size, bool write, std::uint64_t pc) {
  if (rt.shadow == nullptr) return;
  detect::check_range(reinterpret_cast<std::uint64_t>(address), size, write ? detect::kWrite : detect::kRead, pc);
}

void mark_written(const void* base, std::size_t size) {
  if (rt.shadow == nullptr) return;
  const Fiber& fiber = self();
  const detect::Cell mine = static_cast<detect::Cell>(fiber.clock->of[fiber.id]) << 32 |
                            static_cast<detect::Cell>(fiber.id) << 24 | 0xffull << 8 | detect::kWrite;
  const auto begin = reinterpret_cast<std::uint64_t>(base);
  for (std::uint64_t at = begin; at < begin + size; at += 8) {
    detect::Cell* cells = rt.shadow + detect::granule(at) * 4;
    cells[0] = mine;
    cells[1] = cells[2] = cells[3] = 0;
  }
}

}  // namespace racecourse::runtime
