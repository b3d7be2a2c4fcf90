// The reentrant lock, proved: its entry's own body is small enough.
#include <racecourse/scenarios/catalogue.h>

namespace racecourse::catalogue {
namespace {

const ProofRegistration proof{"rlock", "owner_and_count",
                              proves("one thread nests two sections and waits in the inner one; another takes it")};

}  // namespace
}  // namespace racecourse::catalogue
