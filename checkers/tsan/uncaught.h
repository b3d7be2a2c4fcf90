// Exceptions that nobody caught, and std::terminate in general.
#pragma once

#include <string>

namespace racecourse::tsan {

// From now on std::terminate, on any thread, notes what was the matter and stops the run.
void notice_termination();

// Inside a catch clause: "std::runtime_error: no such account".
std::string described_exception();

}  // namespace racecourse::tsan
