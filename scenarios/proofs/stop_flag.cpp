// The stop flag, proved: there is one worker, and one that stops it, so the entries' own bodies are small enough.
#include <racecourse/scenarios/catalogue.h>

namespace racecourse::catalogue {
namespace {

const char* const kStopped = "one thread writes and stops another, which looks until it is told, and reads";

const ProofRegistration proofs[] = {
    {"stop_flag", "atomic_bool", proves(kStopped)},
    {"stop_flag", "stop_token", proves(kStopped)},
    {"stop_flag", "condition_variable",
     proves("one thread writes and stops another, which sleeps until then, and reads")},
};

}  // namespace
}  // namespace racecourse::catalogue
