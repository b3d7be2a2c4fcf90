// The barrier, proved: the entries' own bodies are small enough.
#include <racecourse/scenarios/catalogue.h>

namespace racecourse::catalogue {
namespace {

const char* const kPhases = "two threads pass two phases";

const ProofRegistration proofs[] = {
    {"barrier", "generation_counted", proves(kPhases)},
    {"barrier", "sense_reversing", proves(kPhases)},
    {"barrier", "std_barrier", proves(kPhases)},
};

}  // namespace
}  // namespace racecourse::catalogue
