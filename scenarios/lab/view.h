// The texts of an exercise, made from the catalogue's own headers.
//
// A broken variant says at its top what is wrong, marks the line, and explains itself in comments. A student's copy
// must not; but it must keep the comments that any right variant has too. So a comment stays if the reference has the
// very same one. Names that tell the mechanism (CheckThenAct) become the exercise's own (MyAccount).
#pragma once

#include <racecourse/scenarios/lab/exercise.h>

#include <string>
#include <vector>

namespace racecourse::lab {

// `from` as a whole word becomes `to`.
std::string renamed(const std::string& text, const std::string& from, const std::string& to);

// A broken variant without what gives it away. `reference`: the right one's text; `opening`: comment lines for the top.
std::string without_marks(const std::string& broken, const std::string& reference, const std::string& opening);

// A primitive's main header for students: what it promises, without the misuses, the variants and their faults.
std::string contract_only(const std::string& header);

// Reads a file of this installation, as in "primitives/account/locked.h". Throws std::runtime_error if there is none.
std::string kit_text(const std::string& file);

std::string starter_text(const Exercise& exercise);
std::string reference_text(const Exercise& exercise);
// `mutant` as the exercise lists it: file and symbol.
std::string mutant_text(const Exercise& exercise, const std::string& mutant);
// Throws std::logic_error if what is to be edited does not stand in the reference once.
std::string mutant_text(const Exercise& exercise, const Edit& edit);
struct Mutant {
  std::string name, text;
};
// Both kinds.
std::vector<Mutant> mutants_of(const Exercise& exercise);
std::string checks_text(const Exercise& exercise);

}  // namespace racecourse::lab
