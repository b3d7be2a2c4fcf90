#include <racecourse/checkers/detect/clock.h>
#include <racecourse/checkers/detect/excuse.h>

#include <algorithm>

namespace racecourse::detect {

std::uint32_t expected_ranges = 0;

namespace {

constexpr std::uint32_t kMostRanges = 1024;

struct Range {
  std::uint64_t begin, end;
};

// These are ordinary globals: set back before every execution.
Range ranges[kMostRanges] = {};

struct Depth {
  std::uint32_t reads, writes;
};
Depth depths[256] = {};

std::uint32_t& depth_of(Cell which) {
  runtime::Fiber& fiber = runtime::self();
  Depth& depth = depths[fiber.id];
  // The last owner of the number ended without saying so.
  if (!(fiber.stamp & kIgnoresReads)) depth.reads = 0;
  if (!(fiber.stamp & kIgnoresWrites)) depth.writes = 0;
  return which == kIgnoresReads ? depth.reads : depth.writes;
}

}  // namespace

void begin_ignoring(Cell which) {
  for (const Cell one : {kIgnoresReads, kIgnoresWrites}) {
    if (!(which & one)) continue;
    ++depth_of(one);
    runtime::self().stamp |= one;
  }
}

void end_ignoring(Cell which) {
  for (const Cell one : {kIgnoresReads, kIgnoresWrites}) {
    if (!(which & one)) continue;
    std::uint32_t& depth = depth_of(one);
    if (depth > 0 && --depth == 0) runtime::self().stamp &= ~one;
  }
}

void expect_races(std::uint64_t address, std::size_t size) {
  if (expected_ranges == kMostRanges)
    runtime::refuse("more than %u ranges of memory are annotated as racing", kMostRanges);
  ranges[expected_ranges++] = {address, address + size};
  // Whoever frees memory asks whether it may hold anything that is known by its address.
  lowest_object = std::min(lowest_object, address);
  highest_object = std::max(highest_object, address + size);
}

void forget_some_expected_races(std::uint64_t address, std::size_t size) {
  const Range* end = std::remove_if(ranges, ranges + expected_ranges, [&](const Range& range) {
    return range.begin < address + size && address < range.end;
  });
  expected_ranges = static_cast<std::uint32_t>(end - ranges);
}

bool races_are_expected(std::uint64_t address) {
  return std::any_of(ranges, ranges + expected_ranges,
                     [&](const Range& range) { return range.begin <= address && address < range.end; });
}

namespace {

[[gnu::section("racecourse_state")]] ExcusedPlace excused[kMostExcusedPlaces] = {};
[[gnu::section("racecourse_state")]] std::uint32_t excused_count = 0;
[[gnu::section("racecourse_state")]] bool* used_suppressions = nullptr;

ExcusedPlace* first_at(std::uint64_t pc) {
  return std::lower_bound(excused, excused + excused_count, pc,
                          [](const ExcusedPlace& place, std::uint64_t wanted) { return place.pc < wanted; });
}

}  // namespace

void excuse_place(const ExcusedPlace& place) {
  ExcusedPlace* at = first_at(place.pc);
  const bool known = at != excused + excused_count && at->pc == place.pc;
  if (known || excused_count == kMostExcusedPlaces) return;
  std::copy_backward(at, excused + excused_count, excused + excused_count + 1);
  *at = place;
  ++excused_count;
}

void forget_excused_places() { excused_count = 0; }

bool is_excused_at(std::uint64_t pc) {
  const ExcusedPlace* at = first_at(pc);
  if (at == excused + excused_count || at->pc != pc) return false;
  if (used_suppressions != nullptr) used_suppressions[at->suppression] = true;
  return true;
}

void note_excused(bool* used) { used_suppressions = used; }

}  // namespace racecourse::detect
