#pragma once

#include <racecourse/checkers/runtime/roots.h>

namespace racecourse::runtime {

// Between executions: what the last one mapped and did not unmap.
void unmap_leftovers();
// What the program has mapped in this execution.
void visit_mappings(const RootVisitor& visitor);

}  // namespace racecourse::runtime
