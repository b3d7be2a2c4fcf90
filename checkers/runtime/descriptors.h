// What is open. An execution begins with the descriptors that the one before it began with, by the same numbers: those
// that a body opened are closed behind it, those that it closed or replaced, though they were there before it, are put
// back.
#pragma once

namespace racecourse::runtime {

int note_opened(int descriptor);  // returns it; -1 means nothing, nor does a call outside an execution
// Inside an execution.
void note_closed(int descriptor);
// Before it is closed or replaced: keeps what was there before the execution. False: it is none of the body's, and is
// to stay, as if there were none.
bool may_go(int descriptor);
// The same, before a call that may be the body's or not; false with errno set.
bool may_be_closed(int descriptor);

void restore_descriptors();

}  // namespace racecourse::runtime
