#include <racecourse/checkers/schedule/experience.h>

namespace racecourse::schedule {

void Experience::learn(const Notes& notes) {
  for (const ReadsFromTable::Entry& pair : notes.pairs()) measured_pairs.add(pair);
  measured_turns.merge(notes.turns());
}

void Experience::reach_boundary() {
  if (measured.executions() > known.executions()) known = measured;
  if (!measured_pairs.is_empty()) known_pairs = measured_pairs;
  known_turns = measured_turns;
  measured_turns = {};
  ++boundaries;
}

void Experience::forget() {
  if (measured.executions() > 0) measured = {};
  if (known.executions() > 0) known = {};
  if (!measured_pairs.is_empty()) measured_pairs = {};
  if (!known_pairs.is_empty()) known_pairs = {};
  known_turns = measured_turns = {};
  boundaries = 0;
}

}  // namespace racecourse::schedule
