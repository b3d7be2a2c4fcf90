// The inside of a confinement: called in a child process before it starts the program.
#pragma once

#include <racecourse/scenarios/lab/process.h>

#include <string>

namespace racecourse::lab {

// In a process that has forked for it: leaves the namespaces of the caller. The next fork is process 1 of its own.
// Returns a clause on failure, as do the others.
std::string leave_namespaces();

// In that process 1: the whole file system read-only but for `folder`, an own /proc, `hidden` empty.
std::string shut_file_system(const std::string& folder, const std::vector<std::string>& hidden);

// For the program itself, last: another user, no way back.
std::string drop_rights();

// Whose files the folder must be: the user that drop_rights() becomes. Only root can become another one.
unsigned confined_user();

}  // namespace racecourse::lab
