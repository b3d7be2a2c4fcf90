// The life of a heap block that was misused, found in the trace.
#pragma once

#include <racecourse/checkers/report/trace_view.h>

#include <cstdint>
#include <optional>

namespace racecourse::report {

// Numbers of events; nothing where the trace does not hold one.
struct HeapStory {
  std::optional<std::uint32_t> allocated;
  std::optional<std::uint32_t> freed;  // for the first time
};

// Of the block that finding number `finding` is about. A block that was touched beside its bytes has not been freed.
HeapStory heap_story(const Trace& trace, std::size_t finding);

}  // namespace racecourse::report
