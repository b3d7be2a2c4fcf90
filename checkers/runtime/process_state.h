// What belongs to the process and not to its memory, and a body may change: how signals are handled, the working
// directory, the mask of new files' modes, what is open, which libraries are loaded. It is set back before the next
// execution, as memory is, so that each begins alike and none runs out of descriptors that those before it left open.
#pragma once

namespace racecourse::runtime {

extern bool process_changed;  // something must be set back

// Inside an execution, before the change.
void keep_handler(int signal);
void keep_mask();
void keep_directory();
void keep_libraries();
// Inside an execution, after it.
void note_umask(unsigned before);
// -1 means nothing.
int note_opened(int descriptor);  // returns it
void note_closed(int descriptor);

// Before what other workers would find: a file, a port. One worker alone does the search from then on.
void note_named();

void restore_process();

}  // namespace racecourse::runtime
