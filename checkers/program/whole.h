// Whether the body is a whole program.
#pragma once

namespace racecourse::program {

// Null in programs whose bodies are given to explore(): there, leaving the process is a finding whatever the status.
[[gnu::weak]] bool is_whole();

// Threads that the program started before main(): real ones, which no worker has.
inline int early_threads = 0;

}  // namespace racecourse::program
