#pragma once

#include <racecourse/checkers/explore.h>

#include <functional>

namespace racecourse {

// explore() with fewer runs in the tsan link, where starting threads is slow: the search is what finds bugs here, and
// the catalogue runs every primitive under ThreadSanitizer at length.
inline Verdict under_schedules(const std::function<void()>& body) {
  Options options;
  options.repetitions = 20;
  return explore(body, options);
}

}  // namespace racecourse
