// " with at most 2 preemptions".
#pragma once

#include <string>

namespace racecourse::control {

// "" if there was no bound: -1.
inline std::string within_bound(int preemptions) {
  if (preemptions < 0) return "";
  return " with at most " + std::to_string(preemptions) + (preemptions == 1 ? " preemption" : " preemptions");
}

}  // namespace racecourse::control
