// Pages are protected, not copied: the first write to a page faults, the page is kept and stays writable ("hot"), and
// from then on every restore copies it back. So the cost of a restore is that of the pages that the body writes.
#include <racecourse/checkers/runtime/roots.h>
#include <racecourse/checkers/runtime/runtime.h>
#include <racecourse/checkers/runtime/snapshot.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <cstring>

namespace racecourse::runtime {

namespace {

using namespace snapshot;

// From this many hot pages on, a write next to a run of hot pages makes as many more hot: bodies that write much
// memory write it in order, and every fault costs some microseconds and a kernel mapping.
constexpr std::size_t kFewPages = 32;
constexpr std::size_t kLongestRun = 64;
// The kernel allows 65,530 mappings; beyond this many faults pages get hot by the block.
constexpr std::size_t kManyFaults = 16'000;

struct Copy {
  char* to;
  const char* from;
  std::size_t size;
};

struct Snapshot {
  bool active;
  std::uint32_t copy_count;
  Copy* copies;        // what a restore does
  char* pages;         // contents of hot pages, in the order in which they got hot
  std::uint64_t* hot;  // a bit a page
  std::size_t hot_count;
  std::size_t faults;
  Areas* areas;
  void* memory;
  std::size_t memory_size;
};
[[gnu::section("racecourse_state")]] Snapshot state{};

bool is_hot(std::size_t page) { return state.hot[page / 64] >> (page % 64) & 1; }

const Region* region_of(std::uintptr_t address) {
  for (int i = 0; i < state.areas->region_count; ++i) {
    const Region& region = state.areas->regions[i];
    if (address - region.begin < region.end - region.begin) return &region;
  }
  return nullptr;
}

void add_copy(std::uintptr_t begin, std::uintptr_t end, const char* kept) {
  auto* to = reinterpret_cast<char*>(begin);
  const std::size_t size = end - begin;
  if (state.copy_count > 0) {
    Copy& last = state.copies[state.copy_count - 1];
    if (last.to + last.size == to && last.from + last.size == kept) {
      last.size += size;
      return;
    }
  }
  state.copies[state.copy_count++] = {to, kept, size};
}

// Copies for the parts of [begin, end) that lie in no hole.
void add_copies(std::uintptr_t begin, std::uintptr_t end, const char* kept) {
  for (int i = 0; i < state.areas->hole_count && begin < end; ++i) {
    const Hole& hole = state.areas->holes[i];
    if (hole.end <= begin || hole.begin >= end) continue;
    if (hole.begin > begin) add_copies(begin, hole.begin, kept);
    if (hole.end >= end) return;
    kept += hole.end - begin;
    begin = hole.end;
    i = -1;  // what is left may lie in a hole that was passed before
  }
  if (begin < end) add_copy(begin, end, kept);
}

void make_hot(std::size_t page) { state.hot[page / 64] |= std::uint64_t{1} << (page % 64); }

void keep(const Region& region, std::size_t page) {
  const std::uintptr_t begin = region.begin + (page - region.first_page) * kPage;
  char* kept = state.pages + state.hot_count++ * kPage;
  std::memcpy(kept, reinterpret_cast<void*>(begin), kPage);
  make_hot(page);
  add_copies(begin, begin + kPage, kept);
}

// Not by the C library's function: inside an execution that is the program's.
bool open_pages(void* begin, std::size_t size) {
  return raw_syscall(SYS_mprotect, reinterpret_cast<long>(begin), static_cast<long>(size), PROT_READ | PROT_WRITE) == 0;
}

// Makes pages [first, last) of the region hot, as far as they are not.
void heat(const Region& region, std::size_t first, std::size_t last) {
  for (std::size_t page = first; page < last; ++page)
    if (!is_hot(page)) keep(region, page);
  void* begin = reinterpret_cast<void*>(region.begin + (first - region.first_page) * kPage);
  if (!open_pages(begin, (last - first) * kPage)) refuse("cannot make memory writable again; is vm.max_map_count low?");
}

// The pages to make hot for a write to `page`.
void choose_run(const Region& region, std::size_t page, std::size_t& first, std::size_t& last) {
  const std::size_t begin = region.first_page;
  const std::size_t end = begin + (region.end - region.begin) / kPage;
  first = page;
  last = page + 1;
  if (state.hot_count < kFewPages) return;
  std::size_t before = 0, after = 0;
  while (before < kLongestRun && page - before > begin && is_hot(page - before - 1)) ++before;
  while (after < kLongestRun && page + after + 1 < end && is_hot(page + after + 1)) ++after;
  if (state.faults > kManyFaults) before = after = kLongestRun;
  if (before >= after)
    while (last < end && last - page < before) ++last;
  else
    while (first > begin && page - first + 1 < after) --first;
}

// The longest runs of pages that are hot, or that are not.
template <class Visit>
void for_each_run(const Region& region, bool hot, Visit visit) {
  const std::size_t end = region.first_page + (region.end - region.begin) / kPage;
  for (std::size_t page = region.first_page; page < end; ++page) {
    if (is_hot(page) != hot) continue;
    std::size_t last = page + 1;
    while (last < end && is_hot(last) == hot) ++last;
    visit(reinterpret_cast<void*>(region.begin + (page - region.first_page) * kPage), (last - page) * kPage);
    page = last;
  }
}

void protect(const Region& region) {
  for_each_run(region, false, [](void* begin, std::size_t size) {
    if (mprotect(begin, size, PROT_READ) != 0) refuse("cannot protect memory for a snapshot");
  });
}

char* map(std::size_t size) {
  void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) refuse("cannot reserve %zu MiB for a snapshot; lift `ulimit -v`", size >> 20);
  madvise(memory, size, MADV_DONTDUMP);
  return static_cast<char*>(memory);
}

}  // namespace

void snapshot_take(const void* stack_low) {
  if (state.memory == nullptr) state.areas = reinterpret_cast<Areas*>(map(sizeof(Areas)));
  if (state.memory != nullptr) munmap(state.memory, state.memory_size);
  Areas& areas = *state.areas;
  find_areas(areas, stack_low);

  const std::size_t pages_size = areas.pages * kPage;
  const std::size_t hot_size = page_up(areas.pages / 8 + 8);
  // A hole splits at most one copy in two.
  const std::size_t copies_size = (areas.pages + kMaxHoles) * sizeof(Copy);
  state.memory_size = pages_size + hot_size + copies_size;
  state.pages = map(state.memory_size);
  state.memory = state.pages;
  state.hot = reinterpret_cast<std::uint64_t*>(state.pages + pages_size);
  state.copies = reinterpret_cast<Copy*>(state.pages + pages_size + hot_size);
  state.copy_count = 0;
  state.hot_count = state.faults = 0;

  for (int i = 0; i < areas.hole_count; ++i) {
    const Hole& hole = areas.holes[i];
    if (!hole.always_writable) continue;
    for (std::uintptr_t at = page_down(hole.begin); at < hole.end; at += kPage) {
      const Region* region = region_of(at);
      if (region == nullptr) continue;
      const std::size_t page = region->first_page + (at - region->begin) / kPage;
      if (hole.begin <= at && at + kPage <= hole.end)
        make_hot(page);  // and nothing of it is copied back
      else if (!is_hot(page))
        keep(*region, page);
    }
  }
  state.active = true;
  for (int i = 0; i < areas.region_count; ++i) protect(areas.regions[i]);
}

void snapshot_restore() {
  for (std::uint32_t i = 0; i < state.copy_count; ++i)
    std::memcpy(state.copies[i].to, state.copies[i].from, state.copies[i].size);
}

void snapshot_open_hot() {
  if (!state.active) return;
  for (int i = 0; i < state.areas->region_count; ++i) for_each_run(state.areas->regions[i], true, open_pages);
}

bool snapshot_fault(void* address) {
  if (!state.active) return false;
  const Region* region = region_of(reinterpret_cast<std::uintptr_t>(address));
  if (region == nullptr) return false;
  const std::size_t page = region->first_page + (reinterpret_cast<std::uintptr_t>(address) - region->begin) / kPage;
  if (is_hot(page)) return false;
  ++state.faults;
  std::size_t first, last;
  choose_run(*region, page, first, last);
  heat(*region, first, last);
  return true;
}

void snapshot_prepare_write(void* begin, std::size_t size) {
  if (!state.active || size == 0) return;
  const auto end = reinterpret_cast<std::uintptr_t>(begin) + size;
  for (std::uintptr_t at = page_down(reinterpret_cast<std::uintptr_t>(begin)); at < end; at += kPage)
    snapshot_fault(reinterpret_cast<void*>(at));
}

void snapshot_visit_written(const RootVisitor& visitor) {
  for (std::uint32_t i = 0; i < state.copy_count; ++i) visitor(state.copies[i].to, state.copies[i].size);
}

void snapshot_release() {
  if (!state.active) return;
  state.active = false;
  for (int i = 0; i < state.areas->region_count; ++i) {
    const Region& region = state.areas->regions[i];
    mprotect(reinterpret_cast<void*>(region.begin), region.end - region.begin, PROT_READ | PROT_WRITE);
  }
}

}  // namespace racecourse::runtime
