// What the batches of a search pass on: the `known` parts change only between two of them, so that what an execution
// does depends on its number and not on who ran those before it. Adding up is all that happens to the `measured` parts,
// so their order does not matter.
#pragma once

#include <racecourse/checkers/schedule/notes.h>
#include <racecourse/checkers/schedule/profile.h>
#include <racecourse/checkers/schedule/reads_from.h>

#include <cstdint>

namespace racecourse::schedule {

// Plain data without pointers, all zero at first: it lies in memory that processes share.
struct Experience {
  Profile known;
  Profile measured;
  ReadsFromTable known_pairs;
  ReadsFromTable measured_pairs;
  TurnScores known_turns;  // of the batch before this one
  TurnScores measured_turns;
  std::uint32_t boundaries;  // that were reached

  // In the parent: what a part of a batch showed.
  void learn(const Notes& notes);
  // Between two batches: what was measured becomes what is known.
  void reach_boundary();
  // At the start of a search. Costs little if nothing was learnt.
  void forget();
};

}  // namespace racecourse::schedule
