// Tells a strategy that records, and who notes what an execution does, what threads do to objects.
#pragma once

#include <racecourse/checkers/runtime/runtime.h>

namespace racecourse::runtime {

// What an event did, in terms of objects; only while rt.recording or rt.noted.
void record_effects(Op op, const void* object, std::uint64_t pc, std::uint64_t value, std::uint64_t old_value,
                    std::uint8_t size);
// A plain access, as far as it is to memory that raced: all other memory is ordered by synchronisation.
void record_plain(const volatile void* pointer, std::size_t size, bool write, std::uint64_t pc);
// Something that no event tells, done to what threads share: its order counts where traces are told apart. While
// rt.noted.
void note_use(const void* object, std::uint64_t pc);
// The current thread, which has read in vain, comes to a point.
void record_place();

}  // namespace racecourse::runtime
