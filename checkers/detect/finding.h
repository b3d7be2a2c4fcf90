// Writing a finding into the shared block.
#pragma once

#include <racecourse/checkers/runtime/runtime.h>

namespace racecourse::detect {

// Adds a finding of the current thread; null when this execution already holds one of the same kind and place, or is
// full. `place` identifies the place across executions.
report::RawFinding* add_finding(Kind kind, std::uint64_t pc, const void* object, std::uint64_t place);
void set_message(report::RawFinding& finding, const char* format, ...) __attribute__((format(printf, 2, 3)));

}  // namespace racecourse::detect
