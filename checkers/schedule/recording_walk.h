// The uniform walk as one that records: it learns nothing from what it is told, but each access is remembered and the
// race check exact, as in a systematic search. For measuring judges.
#pragma once

#include <racecourse/checkers/schedule/strategy.h>

#include <memory>

namespace racecourse::schedule {

std::unique_ptr<Strategy> recording_walk();

}  // namespace racecourse::schedule
