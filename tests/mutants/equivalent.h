// The mutants that no test can kill, since they do what the original does: tests/mutants/equivalent.txt, one a line:
//
//   primitives/lock/ttas.h | weaken-order: the line  ->  the line | why it makes no difference
#pragma once

#include <racecourse/tests/mutants/operators.h>

#include <string>
#include <vector>

namespace racecourse::mutants {

struct Equivalent {
  std::string file, mutant, reason;
};

// Throws std::runtime_error with one sentence if a line is not of that form, or gives no reason.
std::vector<Equivalent> read_equivalents(const std::string& path);

// Null if nothing is said of it.
const Equivalent* find(const std::vector<Equivalent>& all, const std::string& file, const Mutant& mutant);

}  // namespace racecourse::mutants
