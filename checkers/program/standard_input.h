// The program's standard input, the same at the start of every execution.
#pragma once

namespace racecourse::program {

// In the parent, once: what comes through a pipe is read to its end, so that it can be read again. A terminal gives
// nothing: executions could not share what a person types.
void keep_standard_input();

// At the start of an execution.
void rewind_standard_input();

}  // namespace racecourse::program
