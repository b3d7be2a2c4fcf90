#include <racecourse/checkers/detect/dead_stack.h>
#include <racecourse/checkers/detect/excuse.h>
#include <racecourse/checkers/detect/finding.h>
#include <racecourse/checkers/detect/memory.h>
#include <racecourse/checkers/detect/race.h>
#include <racecourse/checkers/detect/race_place.h>
#include <racecourse/checkers/detect/spilled.h>
#include <racecourse/checkers/runtime/effects.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <algorithm>

namespace racecourse::detect {

using runtime::rt;

namespace {

// The first one that both touch.
std::uint64_t raced_byte(Cell mine, Cell theirs, std::uint64_t address) {
  return (address & ~std::uint64_t{7}) + static_cast<unsigned>(__builtin_ctzll((mine & theirs) >> 8 & 0xff));
}

[[gnu::noinline]] void report(Cell mine, Cell theirs, std::uint64_t address, std::uint64_t pc) {
  if (is_gone(theirs)) return report_gone(mine, theirs, address, pc);
  remember_race(address);
  if (!rt.race_check || is_ignored(mine) || is_ignored(theirs) || is_excused_at(pc) ||
      races_are_expected(raced_byte(mine, theirs, address)))
    return;
  const std::uint64_t place = RC_UNLIKELY(rt.tracing) ? place_of_pair(mine, theirs, address, pc) : pc;
  report::RawFinding* finding = add_finding(Kind::data_race, pc, reinterpret_cast<const void*>(address), place);
  if (finding == nullptr) return;
  finding->other = static_cast<std::uint16_t>(theirs >> 24 & 0xff);
  finding->thread_is_write = mine & kWrite;
  finding->other_is_write = theirs & kWrite;
  finding->access_size = static_cast<std::uint8_t>(__builtin_popcountll(mine >> 8 & 0xff));
  set_message(*finding, "%s by T%u races with %s by T%u", describe(mine), runtime::self().id, describe(theirs),
              finding->other);
  if (rt.stop_at_race) runtime::end_execution();
}

constexpr std::uint64_t kParts[] = {0, kUpper};

}  // namespace

const char* describe(Cell cell) {
  if (cell & kAtomic) return cell & kWrite ? "atomic write" : "atomic read";
  return cell & kWrite ? "write" : "read";
}

void prepare_race_shadow() {
  if (rt.has_shadow) return;
  for (const std::uint64_t address : kParts) {
    void* part = cells_of(address);
    if (mmap(part, kShadowBytes, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0) != part)
      runtime::refuse(
          "cannot reserve %zu GiB of address space for the race shadow; lift `ulimit -v`, set "
          "vm.overcommit_memory to 0 or 1, or pass race_check=0",
          2 * kShadowBytes >> 30);
    madvise(part, kShadowBytes, MADV_DONTDUMP);
    madvise(part, kShadowBytes, MADV_NOHUGEPAGE);
  }
  rt.has_shadow = true;
}

void clear_race_shadow() {
  if (!rt.has_shadow) return;
  for (const std::uint64_t address : kParts) madvise(cells_of(address), kShadowBytes, MADV_DONTNEED);
}

void forget_accesses(std::uint64_t address, std::size_t size) {
  if (!rt.has_shadow || size == 0) return;
  // In two parts if their places in the shadow are not neighbours.
  for (const std::uint64_t end = address + size; address < end;) {
    const std::uint64_t fold = (address | ((1ull << 36) - 1)) + 1;
    const std::uint64_t part = std::min(end, fold) - address;
    // 32 bytes for every 8. madvise() is the program's: a scheduling point.
    runtime::raw_syscall(SYS_madvise, reinterpret_cast<long>(cells_of(address)), static_cast<long>(part * 4),
                         MADV_DONTNEED);
    address += part;
  }
}

void remember_race(std::uint64_t address) {
  const std::uint32_t bit = static_cast<std::uint32_t>((granule(address) * 0x9E3779B97F4A7C15u) >> 48);
  const auto mask = static_cast<std::uint8_t>(1u << (bit & 7));
  rt.raced_map[bit >> 3] |= mask;
  if (RC_LIKELY(!rt.recording)) return;
  // A systematic search, which has to know of it at once.
  if (!(rt.shared_map[bit >> 3] & mask)) rt.strategy->learnt_race();
  rt.shared_map[bit >> 3] |= mask;
  rt.race_remembered = rt.attentive = true;
}

bool recall_races(const std::uint8_t* known) {
  std::copy_n(known, kSharedBits / 8, rt.shared_map);
  return std::any_of(rt.shared_map, rt.shared_map + kSharedBits / 8, [](std::uint8_t bits) { return bits != 0; });
}

namespace {

// `mine` makes an older entry superfluous if it is ordered after it, covers its bytes, and conflicts with all that the
// entry conflicts with: it writes if the entry does, and is neither atomic nor ignored unless the entry is.
bool covers(Cell mine, Cell cell) {
  constexpr Cell kExempt = kAtomic | kIgnores;
  return ((cell ^ kExempt) & ~(mine ^ kExempt) & (kBytes | kWrite | kExempt)) == 0;
}

// Whether the two race, one of them being made now.
RC_INLINE bool race_with(Cell mine, Cell cell, const runtime::Clock& clock) {
  return (cell & mine & kBytes) != 0 && static_cast<runtime::Epoch>(cell >> 32) > clock.of[cell >> 24 & 0xff] &&
         ((mine | cell) & kWrite) && !(mine & cell & kAtomic);
}

[[gnu::noinline]] bool races_with_spilled(Cell mine, std::uint64_t address, std::uint64_t pc, bool reports) {
  const runtime::Clock& clock = *runtime::self().clock;
  bool races = false;
  for_each_spilled(address, [&](Cell cell) {
    if (!race_with(mine, cell, clock)) return;
    races = true;
    if (reports) report(mine, cell, address, pc);
  });
  return races;
}

// Which of four goes when a fifth comes. Of atomic accesses the oldest, since they race with plain ones alone; of plain
// ones any. The replay of an execution evicts the same: nothing may depend on what a search did before.
[[gnu::noinline]] unsigned victim(const Cell* kept) {
  for (unsigned i = 4; i-- > 0;)
    if (kept[i] & kAtomic) return i;
  return rt.tick & 3;
}

// Compares with every cell, and enters `mine`. Stops at a race without having changed anything, unless it is to report.
template <bool kReport>
RC_INLINE bool enter(Cell* cells, Cell mine, std::uint64_t address, std::uint64_t pc) {
  const runtime::Clock& clock = *runtime::self().clock;
  Cell kept[4] = {};
  unsigned keep = 0;
  Cell marker = 0;
  for (int i = 0; i < 4; ++i) {
    const Cell cell = cells[i];
    if (cell == mine) return true;
    const auto epoch = static_cast<runtime::Epoch>(cell >> 32);
    if (epoch < rt.base_epoch) break;
    if (RC_UNLIKELY(cell & kSpilled)) {
      if (races_with_spilled(mine, address, pc, kReport) && !kReport) return false;
      marker = cell;
      continue;
    }
    if ((cell & mine & kBytes) != 0) {
      if (epoch <= clock.of[cell >> 24 & 0xff]) {
        if (covers(mine, cell)) continue;
      } else if (((mine | cell) & kWrite) && !(mine & cell & kAtomic)) {
        if (!kReport) return false;
        report(mine, cell, address, pc);
        continue;
      }
    }
    kept[keep++] = cell;
  }
  if (RC_UNLIKELY(is_exact) && (marker != 0 ? keep == 3 : keep == 4)) {
    for (; keep > 2; kept[keep] = 0) spill(address, kept[--keep]);
    marker = static_cast<Cell>(rt.base_epoch) << 32 | kBytes | kSpilled | kWrite;
  }
  if (RC_UNLIKELY(marker != 0))
    kept[keep] = marker;
  else if (RC_UNLIKELY(keep == 4))
    kept[victim(kept)] = kept[3];  // one is evicted
  cells[0] = mine;
  cells[1] = kept[0];
  cells[2] = kept[1];
  cells[3] = kept[2];
  return true;
}

[[gnu::noinline]] void check_and_report(Cell* cells, Cell mine, std::uint64_t address, std::uint64_t pc) {
  enter<true>(cells, mine, address, pc);
}

[[gnu::noinline]] void check_all(Cell* cells, Cell mine, std::uint64_t address, std::uint64_t pc) {
  if (RC_UNLIKELY(!enter<false>(cells, mine, address, pc))) check_and_report(cells, mine, address, pc);
}

}  // namespace

void check_slow(Cell* cells, Cell mine, std::uint64_t address, std::uint64_t pc) {
  if ((in_other_slot(address) || may_have_returned(address)) &&
      is_of_the_dead(describe(mine), (mine & kWrite) != 0, address, pc))
    return;
  const Cell only = cells[0];
  // The same access, or a write that stands for it, is among those of this thread's epoch: whoever came since was
  // compared with it. So it is where one thread works on two halves of a granule.
  const Cell as_write = mine & kAtomic ? mine : mine | kWrite;
  const Cell second = cells[1];
  if (second == mine || second == as_write || cells[2] == as_write) return;
  if ((cells[1] >> 32) < rt.base_epoch && (only >> 32) <= runtime::self().clock->of[only >> 24 & 0xff] &&
      (only >> 32) >= rt.base_epoch && only != mine) {
    // One access before this one, and ordered: the most common case by far.
    if ((only & mine & kBytes) == 0 || !covers(mine, only)) cells[1] = only;
    cells[0] = mine;
    return;
  }
  check_all(cells, mine, address, pc);
}

bool check_other_atomics(Cell* cells, Cell mine) {
  Cell* place = nullptr;
  for (Cell* cell = cells; cell < cells + 4; ++cell) {
    if ((*cell >> 32) < rt.base_epoch) {
      if (place == nullptr) place = cell;
      break;
    }
    if (is_same_but_epoch(*cell, mine))
      place = cell;  // the same access by the same thread, earlier
    else if (!(*cell & kAtomic))
      return false;
  }
  if (place == nullptr) return false;
  *place = mine;
  return true;
}

namespace {

RC_INLINE bool is_free(Cell cell) { return (cell >> 32) < rt.base_epoch; }
// Free or ordered.
RC_INLINE bool is_over(Cell cell, const runtime::Clock& clock) {
  return (cell >> 32) <= std::max(clock.of[cell >> 24 & 0xff], rt.base_epoch - 1);
}

// Some access may not be ordered before this one: report what races.
[[gnu::noinline]] void check_and_mark(std::uint64_t address, std::size_t size, std::size_t checked, std::uint64_t pc) {
  check_range(address, checked, kWrite, pc);
  mark_all(address, size, gone_cell());
}

}  // namespace

void mark_all(std::uint64_t address, std::size_t size, Cell cell) {
  for (std::uint64_t at = address; at < address + size; at += 8) {
    Cell* cells = cells_of(at);
    cells[0] = cell;
    cells[1] = cells[2] = cells[3] = 0;
    if (RC_UNLIKELY(is_exact)) forget_spilled(at);
  }
}

void mark_freed(std::uint64_t address, std::size_t size, std::size_t checked, std::uint64_t pc) {
  if (checked != size || RC_UNLIKELY(is_exact)) return check_and_mark(address, size, checked, pc);
  const runtime::Fiber& fiber = runtime::self();
  const runtime::Clock& clock = *fiber.clock;
  const Cell gone = gone_cell();
  for (std::size_t done = 0; done < size; done += 8) {
    Cell* cells = cells_of(address + done);
    // Most blocks were touched by two threads at most, but by how many is hard to predict: one branch for all cases.
    if (RC_UNLIKELY(is_over(cells[0], clock) + is_over(cells[1], clock) + is_free(cells[2]) != 3))
      return check_and_mark(address + done, size - done, size - done, pc);
    cells[0] = gone;
    cells[1] = 0;
  }
}

namespace {

// One part in each granule.
template <class Do>
RC_INLINE void for_each_part(std::uint64_t address, std::size_t size, Do act) {
  const std::uint64_t end = address + size;
  while (address < end) {
    std::uint64_t part = 8 - (address & 7);
    if (part > end - address) part = end - address;
    act(address, static_cast<unsigned>(part));
    address += part;
  }
}

}  // namespace

void check_range(std::uint64_t address, std::size_t size, std::uint64_t kind, std::uint64_t pc) {
  for_each_part(address, size, [=](std::uint64_t at, unsigned part) { check(at, part, kind, pc); });
}

void look_for_gone(std::uint64_t address, std::size_t size, std::uint64_t kind, std::uint64_t pc) {
  for_each_part(address, size, [=](std::uint64_t at, unsigned part) {
    const Cell mine = cell_of(at, part, kind);
    if (in_other_slot(at) && is_of_the_dead(describe(mine), (mine & kWrite) != 0, at, pc)) return;
    const Cell* cells = cells_of(at);
    for (int i = 0; i < 4 && !is_free(cells[i]); ++i)
      if (is_gone(cells[i]) && (cells[i] & mine & kBytes) != 0) return report_gone(mine, cells[i], at, pc);
  });
}

// What nobody has touched is skipped by whole pages of the shadow, which are not there.
void check_used(std::uint64_t address, std::uint64_t end, bool write, std::uint64_t pc) {
  constexpr std::uint64_t kPage = 4096 / 4, kPages = 512;  // 32 bytes for every 8
  unsigned char there[kPages];
  if (end - address > 1ull << 36) return;  // of more, parts would share their cells
  address &= ~(kPage - 1);
  for (std::uint64_t part; address < end; address = part) {
    part = std::min(end, (address | (kPage * kPages - 1)) + 1);
    const std::uint64_t pages = (part - address + kPage - 1) / kPage;
    if (runtime::raw_syscall(SYS_mincore, reinterpret_cast<long>(cells_of(address)), static_cast<long>(pages * 4096),
                             reinterpret_cast<long>(there)) != 0)
      continue;
    for (std::uint64_t at = address; at < part; at += 8) {
      if ((there[(at - address) / kPage] & 1) == 0) {
        at += kPage - 8;
        continue;
      }
      if (is_free(cells_of(at)[0])) continue;
      check(at, 8, write ? kWrite : kRead, pc);
      if (rt.recording || rt.noted != nullptr) runtime::record_plain(reinterpret_cast<void*>(at), 8, write, pc);
    }
  }
}

}  // namespace racecourse::detect

namespace racecourse::runtime {

void access(const void* address, std::size_t size, bool write, std::uint64_t pc) {
  detect::check_or_look(reinterpret_cast<std::uint64_t>(address), size, write ? detect::kWrite : detect::kRead, pc);
}

void mark_written(const void* base, std::size_t size) {
  if (!rt.checking) return;
  detect::mark_all(reinterpret_cast<std::uint64_t>(base), size, self().stamp | detect::kBytes | detect::kWrite);
}

}  // namespace racecourse::runtime
