// How much memory a program holds, as its parent sees it from outside.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace racecourse::lab {

// Bytes, in memory and swapped out, of that one of `process` and its descendants that holds most. Not their sum: how
// many workers share a search depends on the machine, and the pages that they share would count several times. 0 if all
// have ended.
std::uint64_t most_resident(pid_t process);

}  // namespace racecourse::lab
