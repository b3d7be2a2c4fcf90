// That an execution kept back what was freed (runtime/quarantine.h) is part of its schedule: other addresses are handed
// out, and a program may go by them. It stands behind the picks, as one of an ordinal that no question has, and in a
// token as ".q".
#pragma once

#include <racecourse/checkers/schedule/schedule.h>

namespace racecourse::schedule {

inline constexpr Pick kQuarantine = {0xffffffff, 1};
inline bool has_quarantine(const Schedule& schedule) {
  return !schedule.picks.empty() && schedule.picks.back() == kQuarantine;
}

}  // namespace racecourse::schedule
