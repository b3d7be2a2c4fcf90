// The two accesses of a data race, found in the trace.
#pragma once

#include <racecourse/checkers/report/trace_view.h>

#include <cstdint>
#include <optional>
#include <string>

namespace racecourse::report {

struct RaceSides {
  std::optional<std::uint32_t> near;  // the access that was caught
  std::optional<std::uint32_t> far;   // the other thread's last access before it that conflicts
};

RaceSides race_sides(const Trace& trace, std::size_t finding);

// "write", "atomic read", "free"; `event` is one of the sides, `write` what the detector said of it.
std::string access_word(const Trace& trace, const std::optional<std::uint32_t>& event, bool write);

}  // namespace racecourse::report
