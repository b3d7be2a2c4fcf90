#include <racecourse/checkers/forbidden.h>

#include <algorithm>
#include <utility>

namespace racecourse {
namespace {

std::vector<std::string>& forbidden() {
  static std::vector<std::string> results;
  return results;
}

}  // namespace

ForbiddenOutcomes::ForbiddenOutcomes(std::vector<std::string> results) { forbidden() = std::move(results); }

ForbiddenOutcomes::~ForbiddenOutcomes() { forbidden().clear(); }

bool is_forbidden_outcome(std::string_view result) {
  return std::ranges::any_of(forbidden(), [&](const std::string& one) { return one == result; });
}

}  // namespace racecourse
