#include <racecourse/tests/bench/cost_programs.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <unordered_map>
#include <vector>

namespace racecourse::bench {
// Compiled twice into one program.
namespace RACECOURSE_COST {
namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

std::uint32_t next(std::uint32_t& seed) { return seed = seed * 1664525 + 1013904223; }

void update_vector(std::size_t size) {
  std::vector<std::uint32_t> numbers(size);
  for (int round = 0; round < 8; round++) {
    for (std::size_t i = 0; i < size; i++) numbers[i] += static_cast<std::uint32_t>(i);
  }
  check(numbers.back() == static_cast<std::uint32_t>(8 * (size - 1)));
}

void sort(std::size_t size) {
  std::vector<std::uint32_t> numbers(size);
  std::uint32_t seed = 1;
  for (std::uint32_t& number : numbers) number = next(seed);
  std::sort(numbers.begin(), numbers.end());
  check(std::is_sorted(numbers.begin(), numbers.end()));
}

void insert_into_map(std::size_t size) {
  std::unordered_map<std::uint32_t, std::uint32_t> map;
  std::uint32_t seed = 1;
  for (std::size_t i = 0; i < size; i++) map[next(seed)]++;
  check(map.size() > size / 2);
}

}  // namespace
}  // namespace RACECOURSE_COST

const CostProgram RACECOURSE_COST_LIST[3] = {{"vector_update", 500'000, RACECOURSE_COST::update_vector},
                                             {"sort", 200'000, RACECOURSE_COST::sort},
                                             {"hash_map_inserts", 100'000, RACECOURSE_COST::insert_into_map}};

}  // namespace racecourse::bench
