#pragma once

namespace racecourse::runtime {

// Between executions: what the last one mapped and did not unmap.
void unmap_leftovers();

}  // namespace racecourse::runtime
