// The catalogue asks which checker it is linked with; these tests have none.
#include <racecourse/checkers/explore.h>

namespace racecourse {
const char* linked_checker() { return "none"; }
}  // namespace racecourse
