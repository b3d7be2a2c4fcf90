#include <racecourse/checkers/report/lifetimes.h>

#include <iterator>

namespace racecourse::report {

Lifetimes::Lifetimes(const Trace& trace) {
  for (std::uint32_t i = 0; i < trace.events.size(); ++i) {
    const Event& event = trace.events[i];
    if (event.op == Op::allocate) blocks_[event.address].push_back({event.address, event.value, i + 1});
  }
}

Lifetimes::Block Lifetimes::block(std::uint64_t address, std::uint32_t index) const {
  const auto above = blocks_.upper_bound(address);
  if (above == blocks_.begin()) return {};
  const std::vector<Block>& generations = std::prev(above)->second;
  for (auto block = generations.rbegin(); block != generations.rend(); ++block) {
    if (block->allocated > index + 1) continue;
    return address < block->base + block->size ? *block : Block{};
  }
  return {};
}

}  // namespace racecourse::report
