// Signals in a worker: first writes to the snapshot, crashes of the body, and the watchdog's question.
#pragma once

namespace racecourse::runtime {

// SIGSEGV and the other crash signals become findings; SIGALRM asks a worker that makes no progress where it is.
void install_signal_handlers();

}  // namespace racecourse::runtime
