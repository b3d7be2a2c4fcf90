// A finding as JSON, with field names that tools may rely on: kind, message, file, line, execution, token,
// replay_command, picture, report, also.
#pragma once

#include <racecourse/checkers/finding.h>

#include <nlohmann/json_fwd.hpp>

namespace racecourse::report {

nlohmann::json to_json(const Finding& finding);
// Throws std::invalid_argument with one sentence if a field is missing, of the wrong type, or names an unknown kind.
Finding finding_from_json(const nlohmann::json& json);

}  // namespace racecourse::report
