// The results that a body may not report: Options::forbidden of the search that is running.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace racecourse {

// Called before the workers of a search are forked.
void forbid_outcomes(std::vector<std::string> results);
bool is_forbidden_outcome(std::string_view result);

}  // namespace racecourse
