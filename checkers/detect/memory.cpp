#include <racecourse/checkers/detect/dead_stack.h>
#include <racecourse/checkers/detect/finding.h>
#include <racecourse/checkers/detect/memory.h>
#include <racecourse/checkers/runtime/heap_find.h>

namespace racecourse::detect {

using runtime::rt;

report::RawFinding* add_misuse(Kind kind, std::uint64_t address, std::uint64_t pc) {
  if (!rt.race_check) return nullptr;
  const runtime::SharedBlock& shared = *rt.shared;
  for (std::uint32_t i = 0; i < shared.finding_count; ++i)
    if (shared.findings[i].kind == static_cast<std::uint8_t>(kind)) return nullptr;
  return add_finding(kind, pc, reinterpret_cast<const void*>(address), pc);
}

namespace {

// The report puts the name that the source uses in the place of "memory".
void freed_block_used(const char* what, Cell gone, std::uint64_t address, std::uint64_t pc,
                      const runtime::heap::Near& near) {
  const std::uint16_t who = who_made(gone);
  const bool ordered = static_cast<runtime::Epoch>(gone >> 32) <= runtime::self().clock->of[who];
  // A search then looks at what else may come between the two.
  if (!ordered) remember_race(address);
  report::RawFinding* finding = add_misuse(Kind::use_after_free, address, pc);
  if (finding == nullptr) return;
  finding->other = who;
  finding->other_is_write = true;
  set_message(*finding, "%s of memory by T%u after T%u freed it (byte %lld of a heap block of %llu)%s", what,
              runtime::self().id, who, static_cast<long long>(address - near.base),
              static_cast<unsigned long long>(near.size), ordered ? "" : "; nothing orders the two");
}

void red_zone_touched(const char* what, std::uint64_t address, std::uint64_t pc, const runtime::heap::Near& near) {
  report::RawFinding* finding = add_misuse(Kind::heap_overflow, address, pc);
  if (finding == nullptr) return;
  set_message(*finding, "%s of memory by T%u %s a heap block of %llu byte%s (byte %lld)", what, runtime::self().id,
              address < near.base ? "before" : "past the end of", static_cast<unsigned long long>(near.size),
              near.size == 1 ? "" : "s", static_cast<long long>(address - near.base));
}

void report_use(const char* what, Cell gone, std::uint64_t address, std::uint64_t pc) {
  runtime::heap::Near near;
  if (!runtime::heap::find_near(address, near)) return;
  if (near.freed)
    freed_block_used(what, gone, address, pc, near);
  else
    red_zone_touched(what, address, pc, near);
}

}  // namespace

void report_gone(Cell mine, Cell gone, std::uint64_t address, std::uint64_t pc) {
  const auto first = static_cast<unsigned>(__builtin_ctzll((mine & gone & kBytes) >> 8));
  const std::uint64_t touched = (address & ~7ull) + first;
  if (in_other_slot(touched)) {
    is_of_the_dead(describe(mine), (mine & kWrite) != 0, touched, pc);
    return;
  }
  report_use(describe(mine), gone, touched, pc);
  runtime::SharedBlock& shared = *rt.shared;
  if (shared.finding_count == 0) return;
  report::RawFinding& finding = shared.findings[shared.finding_count - 1];
  if (finding.pc != pc || finding.tick != static_cast<std::uint32_t>(rt.tick)) return;
  finding.thread_is_write = (mine & kWrite) != 0;
  finding.access_size = 1;
}

void report_object_gone(const void* object, std::uint64_t pc) {
  const auto address = reinterpret_cast<std::uint64_t>(object);
  report_use("use", *cells_of(address), address, pc);
}

void mark_freed_unchecked(std::uint64_t address, std::size_t size) {
  const Cell gone = gone_cell();
  const std::uint64_t end = address + (rt.checks_all ? size : std::min(size, kMarkedUnchecked));
  for (; address < end; address += 8) {
    Cell* cells = cells_of(address);
    cells[0] = gone;
    cells[1] = 0;
  }
}

void unmark_unchecked(std::uint64_t address, std::size_t size, std::size_t old_size) {
  // It may have been freed while something was checked.
  if (rt.thread_count > 1 || rt.checks_all) return mark_all(address, size, 0);
  const std::uint64_t end = address + size;
  mark_all(address, std::min(size, kMarkedUnchecked), 0);
  // The red zone of the last owner.
  const std::uint64_t red = (address + old_size) & ~7ull;
  if (red < end) mark_all(red, std::min<std::uint64_t>(end - red, kRedZone + 16), 0);
}

}  // namespace racecourse::detect
