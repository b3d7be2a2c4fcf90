// "Did you mean ...?"
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace racecourse::command {

// The candidate nearest to `word`, or "" if none is near.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

// "; did you mean X?" or "".
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace racecourse::command
