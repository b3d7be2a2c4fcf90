// The last check of a workspace that failed, kept for `lab step`.
#pragma once

#include <racecourse/scenarios/lab/running.h>
#include <racecourse/scenarios/lab/workspace.h>

#include <string>

namespace racecourse::command {

struct LastFailure {
  std::string exercise, check, asks;
  std::string kind, message, picture, token;  // of what was found
};

void keep_last(const lab::Workspace& workspace, const lab::Exercise& exercise, const lab::Check& check,
               const lab::Outcome& outcome);
void forget_last(const lab::Workspace& workspace);

// Throws BadRequest if no check has failed, or if it was one of another exercise than `name` (empty: any).
LastFailure last_failure(const lab::Workspace& workspace, const std::string& name);

}  // namespace racecourse::command
