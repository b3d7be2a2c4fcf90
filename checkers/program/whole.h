// Whether the body is a whole program.
#pragma once

namespace racecourse::program {

// Null in programs whose bodies are given to explore(): there, leaving the process is a finding whatever the status.
[[gnu::weak]] bool is_whole();

}  // namespace racecourse::program
