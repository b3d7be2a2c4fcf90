// The entries of the catalogue that Relacy can judge: the primitives written with the alias header, under weak memory.
// What Relacy must say of each is declared beside the other checkers' expectations, in scenarios/primitives/.
#pragma once

#include <racecourse/checkers/relacy/check.h>

#include <map>
#include <string>

namespace racecourse::catalogue {

using RelacyCheck = relacy::Verdict (*)(const relacy::Settings&);
using RelacyChecks = std::map<std::string, RelacyCheck>;  // by "scenario/variant"

RelacyChecks lock_checks();
RelacyChecks account_checks();
RelacyChecks stop_flag_checks();

}  // namespace racecourse::catalogue
