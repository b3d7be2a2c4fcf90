// Counts of std::counting_semaphore and std::latch that have become what their types do not allow: more permits than
// max(), less than no arrivals ([thread.sema.cnt], [thread.latch.class] make both undefined).
//
// These types live in headers. libstdc++ keeps either count in an atomic int, and what its functions do is part of the
// program: the runtime sees that some code has added something to some int. So only when the int has become more than
// one, or less than none, somebody asks whose it is, and the debug information of that code tells which functions of
// the library were inlined there. The answer is looked up once for each address of code, for all processes of a search.
//
// Looked at is where events are observed, and where what is dear is checked: in the first executions of a search, in
// one of some later on, and in every replay. The count of a std::barrier cannot be judged so: it is plain memory, and a
// thread too many is one of the next phase. What follows from that, a wait without end, is found; and who arrives so
// often at once that the phase ends twice stores the same number of the next phase twice.
#pragma once

#include <racecourse/checkers/runtime/runtime.h>

#include <cstdint>

namespace racecourse::detect {

// In the parent, before the first fork.
void prepare_counters();

void judge_counter(const volatile void* object, std::int32_t before, std::int32_t after, std::uint64_t pc);
// A byte was stored that was there already.
void judge_phase(const volatile void* object, std::uint64_t pc);
inline bool may_break_its_bounds(std::int32_t before, std::int32_t after) {
  return after > before ? after > 1 : after < 0;
}

}  // namespace racecourse::detect
