// A verdict as one line of JSON, for tools: name, verdict ("failed", "proved", "not-found", "unreliable"), text,
// executions, seconds, seed, outcomes, and of a finding kind, also, message, file, line, execution, token,
// replay_command, picture and report (null where there is none).
#pragma once

#include <racecourse/checkers/explore.h>

#include <string>

namespace racecourse {

std::string to_json_line(const Verdict& verdict, const std::string& name);

// Adds the line to a file, which is made if there is none. Throws std::invalid_argument with one sentence if it cannot
// be written.
void append_json(const std::string& file, const Verdict& verdict, const std::string& name);

}  // namespace racecourse
