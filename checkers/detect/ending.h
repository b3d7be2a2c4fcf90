// Judgements about how an execution ends.
#pragma once

#include <cstdint>

namespace racecourse::detect {

// No thread can run and no timeout is pending.
[[noreturn]] void everyone_is_stuck();
// The step limit passed twice, the second time under a fair schedule.
[[noreturn]] void never_ends(std::uint64_t pc);
// The body returned: what is left behind?
void body_returned();

}  // namespace racecourse::detect
