// Races that do not count: those that the program itself declares harmless by the annotations of ThreadSanitizer
// (runtime/annotations.cpp), and those that are suppressed (suppression.h).
//
// A thread that ignores its reads or writes marks its stamp; so each cell that it leaves in the race shadow says so,
// and the memory accesses themselves need not ask. Marked cells take no part in a race, and stand for no other access.
#pragma once

#include <racecourse/checkers/detect/race.h>

namespace racecourse::detect {

inline constexpr Cell kIgnoresReads = 1u << 3;
inline constexpr Cell kIgnoresWrites = 1u << 4;
inline constexpr Cell kIgnores = kIgnoresReads | kIgnoresWrites;

inline bool is_ignored(Cell cell) { return (cell & (cell & kWrite ? kIgnoresWrites : kIgnoresReads)) != 0; }

// From here on the current thread's accesses of this kind are ignored, as often as they were asked to be.
void begin_ignoring(Cell which);
void end_ignoring(Cell which);

// Races on this memory are meant. Until it is freed.
void expect_races(std::uint64_t address, std::size_t size);
bool races_are_expected(std::uint64_t address);
void forget_some_expected_races(std::uint64_t address, std::size_t size);
extern std::uint32_t expected_ranges;
RC_INLINE void forget_expected_races(std::uint64_t address, std::size_t size) {
  if (RC_UNLIKELY(expected_ranges != 0)) forget_some_expected_races(address, size);
}

// Places, as return addresses, that a suppression matches whatever the other access was. Made known before a worker is
// forked; they take no part in what is reset.
inline constexpr std::uint32_t kMostExcusedPlaces = 1024;
struct ExcusedPlace {
  std::uint64_t pc;
  std::uint64_t suppression;
};
void excuse_place(const ExcusedPlace& place);
void forget_excused_places();
// Whether it is such a place.
bool is_excused_at(std::uint64_t pc);
// Where it is noted which suppressions were used; null: nowhere.
void note_excused(bool* used);

}  // namespace racecourse::detect
