// The results that a body may not report: Options::forbidden of the search that is running.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace racecourse {

// Results are forbidden while one of these lives; not two at a time. Made before workers are forked.
class ForbiddenOutcomes {
 public:
  explicit ForbiddenOutcomes(std::vector<std::string> results);
  ~ForbiddenOutcomes();
  ForbiddenOutcomes(const ForbiddenOutcomes&) = delete;
  ForbiddenOutcomes& operator=(const ForbiddenOutcomes&) = delete;
};

bool is_forbidden_outcome(std::string_view result);

}  // namespace racecourse
