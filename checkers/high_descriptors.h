// Racecourse's own descriptors lie high, out of a body's way: the first file that a body opens has the same number in
// every process, and a body that closes all descriptors there are, as a daemon does, does not close ours.
#pragma once

namespace racecourse {

// Where ours begin: lower where the process may have few open.
int lowest_of_ours();

// Gives the descriptor a high number and returns it; the number that it has if there is no other. -1 means nothing.
// Close-on-exec as told.
int out_of_the_way(int descriptor, bool close_on_exec = true);

}  // namespace racecourse
