// Wakeup trees: Abdulla, Aronis, Jonsson, Sagonas, "Optimal Dynamic Partial Order Reduction", POPL 2014.
//
// At a state the tree holds sequences of transitions that must still be explored from there, each begun only if no
// other one leads to all that it does. It is ordered: what a sibling to the left leads to need not be led to again.
#pragma once

#include <racecourse/checkers/schedule/trace.h>

#include <cstdint>
#include <span>

namespace racecourse::schedule {

inline constexpr std::int32_t kNoNode = -1;    // all that follows is explored, or will be
inline constexpr std::int32_t kNotKnown = -2;  // it has not been run yet

// A transition as it was seen, or is expected. Its effects and answers follow it in memory.
struct Branch {
  Branch* next;   // the sibling to its right
  Branch* child;  // the leftmost; null: nothing is known of what should follow
  std::uint16_t thread;
  bool wild;
  bool exact;  // it was seen; or it does the same in whatever order it comes
  bool loose;  // of a sleeper in a tree that is dealt out: what does not have its step is explored (forest.h)
  std::uint8_t dealt_to;  // of a tree that is dealt out to shards (forest.h): which one explores it; 0: all that see it
  std::uint32_t origin;   // in a trunk (trunk.h): who explores what follows; 0: nobody knows yet, or any more
  std::int32_t node;      // and the node of the trunk that it leads to, or kNoNode, or kNotKnown
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
  bool exact = true;
};

// Whether a transition of `thread`, which can be made now, could come before all of `sequence`, as a part of it or
// beside it: the thread is a weak initial. `at`: where it is in the sequence, or -1.
bool may_come_first(std::uint16_t thread, const Footprint& footprint, std::span<const Planned> sequence, int& at);

Branch* make_branch(Arena& arena, std::uint16_t thread, const Footprint& footprint, std::span<const Answer> answers,
                    bool exact = true);
// With all that is below it.
Branch* copy_branch(Arena& arena, Branch& branch);
void free_branch(Arena& arena, Branch* branch);
// Takes `branch`, which is one of the list, out of it.
void unlink(Branch*& first, Branch* branch);

// Whether the tree whose leftmost branch is `first` leads to what of `sequence` is not taken yet; takes what it does.
bool leads_to(Branch* first, std::span<Planned> sequence);
// Makes sure that it does. What is `taken` already need not be led to.
void insert(Arena& arena, Branch*& first, std::span<Planned> sequence);

// As in source sets instead: whether the list has a thread that can make its step of `sequence` first.
bool has_initial(Branch* first, std::span<const Planned> sequence);
// Makes sure that it does: by a branch of one step, whatever may follow it.
void insert_initial(Arena& arena, Branch*& first, std::span<const Planned> sequence);

}  // namespace racecourse::schedule
