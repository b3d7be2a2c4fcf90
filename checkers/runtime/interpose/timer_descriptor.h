// Descriptors that become readable when it is time: virtual time, like that of all clocks.
#pragma once

#include <time.h>

#include <cstdint>

namespace racecourse::runtime {

// Return 0 or -1, with errno set, like the functions of <sys/timerfd.h>.
int create_timer(clockid_t clock, int flags, std::uint64_t pc);
// When the first of them will fire; 0: none is set.
std::uint64_t next_timer();
// Those whose time has come, before somebody looks whether they are readable.
void fire_timers();
void forget_timer(int descriptor);   // closed, or another's from now on
void share_timer(int from, int to);  // duplicated

}  // namespace racecourse::runtime
