// Which function a return address comes back from, read off the call instruction before it: the compiler calls memcpy()
// or the hook for a vptr from the user's line, and a report wants to say so.
#pragma once

#include <cstdint>

namespace racecourse::report {

// The address that the call before `return_address` went to; 0 if no direct call stands there. The code must be mapped
// in this process. Bytes that only look like a call give any address: the caller asks whether a function begins there.
std::uint64_t call_target(std::uint64_t return_address);
// Where a stub of the linker leads; `function` itself if it is none. It must be code of a loaded module.
std::uint64_t behind_stub(std::uint64_t function);

}  // namespace racecourse::report
