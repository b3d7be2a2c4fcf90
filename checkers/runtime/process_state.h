// What belongs to the process and not to its memory, and a body may change: how signals are handled, the working
// directory, the mask of new files' modes, the limits of resources, the locale, what is open, which libraries are
// loaded. It is set back before the next execution, as memory is, so that each begins alike and none runs out of
// descriptors that those before it left open.
#pragma once

namespace racecourse::runtime {

extern bool process_changed;  // something must be set back

// Inside an execution, before the change.
void keep_handler(int signal);
void keep_mask();
void keep_directory();
void keep_libraries();
void keep_limit(int resource);
// Inside an execution, after it.
void note_umask(unsigned before);
void descriptors_changed();  // see descriptors.h
void protection_changed();   // of memory that is set back

// Before what other workers would find: a file, a port. One worker alone does the search from then on.
void note_named();

void restore_process();
void restore_protection();  // alone, for those who read all memory at the end of an execution
// Not a part of it: the C library locks something, as the thread whose TLS must be set back first.
void restore_locale();
// Since the last call, by tzset(): the C library remembers of which TZ, but `timezone` and the like may be the
// program's and be set back.
bool time_zone_was_read();

}  // namespace racecourse::runtime
