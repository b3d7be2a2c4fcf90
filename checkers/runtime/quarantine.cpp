#include <racecourse/checkers/runtime/heap_pool.h>
#include <racecourse/checkers/runtime/quarantine.h>
#include <racecourse/checkers/schedule/quarantine.h>

namespace racecourse::runtime::heap {

[[gnu::section("racecourse_state")]] constinit Quarantine quarantine = {};

namespace {

constexpr std::uint32_t kOneIn = 4;

void let_go_of_oldest(Pool& pool) {
  Header* oldest = header_at(quarantine.first);
  if (RC_UNLIKELY(!oldest->is(Mark::freed)))
    misuse(Kind::heap_overflow, oldest->payload(), 0, "the header of a freed heap block was overwritten");
  quarantine.first = oldest->link;
  --quarantine.blocks;
  quarantine.bytes -= oldest->capacity();
  put_back(pool, oldest);
}

}  // namespace

void choose_quarantine(std::uint64_t seed, std::uint64_t execution, bool is_first) {
  set_quarantine(!is_first && schedule::Random(seed * 0xA24BAED4963EE407u + execution).below(kOneIn) == 0);
}

void begin_quarantine() {
  set_quarantine(quarantine.on);
  if (quarantine.on) record_pick(schedule::kQuarantine.ordinal, schedule::kQuarantine.value);
}

void keep_back(Pool& pool, Header* block) {
  block->set(Mark::freed, block->size_class());
  block->link = 0;
  const std::uint32_t unit = unit_of(block->payload());
  if (quarantine.blocks == 0)
    quarantine.first = unit;
  else
    header_at(quarantine.last)->link = unit;
  quarantine.last = unit;
  ++quarantine.blocks;
  quarantine.bytes += block->capacity();
  while (quarantine.blocks > kMostKeptBlocks || quarantine.bytes > kMostKeptBytes) let_go_of_oldest(pool);
}

}  // namespace racecourse::runtime::heap
