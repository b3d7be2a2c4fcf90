// What the standards allow to happen for no reason: a wait on a condition variable or a futex ends although nobody woke
// it ([thread.condition], futex(2)), and a weak compare-exchange fails although it found what it expected
// ([atomics.types.operations]). Code that is right loops; code that is not may work for years.
//
// Each such operation is an occasion, and an occasion that is taken is kept in the schedule as a pick (kSpurious): so a
// token replays it, and shrinking leaves it out where the finding comes without it.
//
// Which occasions are taken:
//   random searches   every fourth execution takes each of its occasions with a probability of 1/2, 1/8 or 1/32, until
//                     it has taken two; by a generator of its own, so that the choices of the strategies stay the same
//   exhaustive        both ways, up to one a thread. (A bound for all threads together would make an occasion of one
//                     depend on those of the others.)
//   replays           those that the schedule names
#pragma once

#include <racecourse/checkers/schedule/schedule.h>

#include <cstdint>

namespace racecourse::runtime {

enum class Spurious : std::uint8_t { never, at_random, systematic };

struct Occasions {
  bool watched;         // occasions are counted: false as long as none can be taken any more
  std::uint32_t count;  // of this execution, so far
};
extern Occasions occasions;

// Before an execution of a search, and of a replay. The first of a search takes none, and counts those that there are:
// where there are some, one thread alone still leaves something to choose.
void begin_occasions(Spurious spurious, std::uint64_t seed, std::uint64_t execution, bool is_first);
void begin_occasions(const schedule::Schedule& replayed);

bool take_occasion();

// The running thread is at an occasion: whether it happens.
inline bool happens_spuriously() { return __builtin_expect(occasions.watched, 0) && take_occasion(); }

}  // namespace racecourse::runtime
