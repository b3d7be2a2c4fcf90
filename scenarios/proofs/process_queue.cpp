// The queue between processes, proved with threads that stand for them: its entry's own body is small enough.
#include <racecourse/scenarios/catalogue.h>

namespace racecourse::catalogue {
namespace {

const ProofRegistration proof{
    "process_queue", "robust",
    proves("one puts and joins, one gets and says that it is done, and one dies in the middle of a put")};

}  // namespace
}  // namespace racecourse::catalogue
