// A run of a data race that must be reported. Where it is not, silence means nothing: ThreadSanitizer is switched off by
// TSAN_OPTIONS, or ignores everything because this process had more than one thread when the run was forked.
#pragma once

#include <string>

namespace racecourse::tsan {

// Why ThreadSanitizer's silence cannot be trusted in this process; empty if it can. Runs the race at the first call.
const std::string& reason_for_silence();

}  // namespace racecourse::tsan
