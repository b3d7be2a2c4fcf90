#include <racecourse/checkers/control/chunk.h>
#include <racecourse/checkers/runtime/outcome_table.h>

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

namespace racecourse::control {

namespace {

template <std::size_t N>
void move_into(std::uint64_t (&sums)[N], std::uint64_t (&numbers)[N]) {
  for (std::size_t i = 0; i < N; i++) sums[i] += std::exchange(numbers[i], 0);
}

}  // namespace

void collect(runtime::SharedBlock& block, Counted& counted, Tally& tally) {
  move_into(tally.pct_executions, block.pct_executions);
  move_into(tally.tolerated, counted.tolerated);
  for (std::size_t i = 0; i < Suppressions::kMost; i++)
    tally.suppressed[i] |= std::exchange(counted.suppressed[i], false);
  tally.notes.merge(counted.notes);
  counted.notes.clear();
  tally.lock_cycles.merge(std::exchange(counted.lock_cycles, {}));
  tally.max_threads = std::max(tally.max_threads, block.max_threads);
  tally.max_points = std::max(tally.max_points, block.max_points);
  tally.max_picks = std::max(tally.max_picks, block.max_picks);
  block.max_threads = block.max_points = block.max_picks = 0;
  tally.named |= std::exchange(block.named, false);
  for (const auto& outcome : std::span(block.outcomes).first(block.outcome_count)) {
    runtime::entry_of(tally.outcomes, tally.outcome_count, outcome.text).count += outcome.count;
  }
  block.outcome_count = 0;
  if (std::ranges::none_of(counted.raced, [](std::uint64_t bits) { return bits != 0; })) return;
  tally.any_raced = true;
  for (std::size_t i = 0; i < counted.raced.size(); i++) tally.raced[i] |= counted.raced[i];
  counted.raced.fill(0);
}

void clear(Tally& tally) {
  std::ranges::fill(tally.tolerated, std::uint64_t{0});
  std::ranges::fill(tally.suppressed, false);
  std::ranges::fill(tally.pct_executions, std::uint64_t{0});
  tally.notes.clear();
  tally.lock_cycles = {};
  tally.max_threads = tally.max_points = tally.max_picks = tally.outcome_count = 0;
  if (tally.any_raced) tally.raced.fill(0);
  tally.any_raced = tally.named = false;
}

std::uint64_t chunk_size(std::uint64_t size) {
  constexpr std::uint64_t kTooFew = schedule::Notes::kMost;
  constexpr std::uint64_t kMany = 64;
  constexpr std::uint64_t kLarge = 256;
  constexpr std::uint64_t kMostChunks = 256;
  if (size < kTooFew) return kTooFew;
  return std::max(std::clamp<std::uint64_t>(size / kMany, 1, kLarge), size / kMostChunks);
}

}  // namespace racecourse::control
