// Results that a body reported, with counts: in the block of a worker, and in the records that are added up.
#pragma once

#include <racecourse/checkers/runtime/shared_block.h>

#include <cstdint>
#include <cstring>

namespace racecourse::runtime {

// The entry of this text, made with a count of 0 if need be. When the table is full the rest is counted together.
inline OutcomeCount& entry_of(OutcomeCount (&outcomes)[kMaxOutcomes], std::uint32_t& used,
                              const char (&text)[sizeof OutcomeCount::text]) {
  for (std::uint32_t i = 0; i < used; i++) {
    if (std::strcmp(outcomes[i].text, text) == 0) return outcomes[i];
  }
  if (used == kMaxOutcomes) return outcomes[kMaxOutcomes - 1];
  OutcomeCount& fresh = outcomes[used++];
  std::strcpy(fresh.text, used == kMaxOutcomes ? "(other outcomes)" : text);
  fresh.count = 0;
  return fresh;
}

}  // namespace racecourse::runtime
