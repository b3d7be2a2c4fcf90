// A run of a data race that must be reported. Where it is not, silence means nothing: ThreadSanitizer may be switched
// off by TSAN_OPTIONS, or not work in a forked process.
#pragma once

#include <string>

namespace racecourse::tsan {

// Why ThreadSanitizer's silence cannot be trusted in this process; empty if it can. Runs the race at the first call.
const std::string& reason_for_silence();

}  // namespace racecourse::tsan
