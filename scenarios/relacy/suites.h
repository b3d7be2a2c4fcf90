// The entries of the catalogue that Relacy can judge: the primitives written with the alias header, under weak memory.
// What Relacy must say of each is declared beside the other checkers' expectations, in scenarios/primitives/.
#pragma once

#include <racecourse/checkers/relacy/check.h>

#include <map>
#include <string>

namespace racecourse::catalogue {

using RelacyCheck = relacy::Verdict (*)(const relacy::Settings&);
using RelacyChecks = std::map<std::string, RelacyCheck>;  // by "scenario/variant"

// Adds suites at program start:
//   const RelacyRegistration registration{{ {"lock/ttas", relacy::check<Count<lock::Ttas, 2, 2>>}, ... }};
struct RelacyRegistration {
  explicit RelacyRegistration(RelacyChecks checks);
};

}  // namespace racecourse::catalogue
