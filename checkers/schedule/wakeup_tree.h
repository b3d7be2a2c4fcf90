// Wakeup trees: Abdulla, Aronis, Jonsson, Sagonas, "Optimal Dynamic Partial Order Reduction", POPL 2014.
//
// At a state the tree holds sequences of transitions that must still be explored from there, each begun only if no
// other one leads to all that it does. It is ordered: what a sibling to the left leads to need not be led to again.
#pragma once

#include <racecourse/checkers/schedule/trace.h>

#include <cstdint>
#include <span>

namespace racecourse::schedule {

// A transition as it was seen, or is expected. Its effects and answers follow it in memory.
struct Branch {
  Branch* next;   // the sibling to its right
  Branch* child;  // the leftmost; null: nothing is known of what should follow
  std::uint16_t thread;
  bool wild;
  std::uint16_t effect_count, answer_count;
  std::uint64_t reads, writes;

  Effect* effects() { return reinterpret_cast<Effect*>(this + 1); }
  Answer* answers() { return reinterpret_cast<Answer*>(effects() + effect_count); }
  std::span<const Answer> answer_list() { return {answers(), answer_count}; }
  Footprint footprint() { return {{effects(), effect_count}, reads, writes, wild}; }
};

// A transition of a sequence that is to be covered.
struct Planned {
  std::uint16_t thread;
  std::int32_t step;        // in the trace that it is from
  std::int32_t enabled_by;  // another step of that trace, or -1
  Footprint footprint;
  std::span<const Answer> answers;
  bool taken;  // while inserting: led to by the path so far
};

// Whether a transition of `thread`, which can be made now, could come before all of `sequence`, as a part of it or
// beside it: the thread is a weak initial. `at`: where it is in the sequence, or -1.
bool may_come_first(std::uint16_t thread, const Footprint& footprint, std::span<const Planned> sequence, int& at);

Branch* make_branch(Arena& arena, std::uint16_t thread, const Footprint& footprint, std::span<const Answer> answers);
// With all that is below it.
void free_branch(Arena& arena, Branch* branch);

// Makes sure that the tree whose leftmost branch is `first` leads to `sequence`.
void insert(Arena& arena, Branch*& first, std::span<Planned> sequence);

}  // namespace racecourse::schedule
