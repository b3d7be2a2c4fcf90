// For who must do with scenarios that are being written: one that lacks a text is no reason to hide the others.
#pragma once

#include <racecourse/scenarios/scenario.h>

#include <string>
#include <vector>

namespace racecourse::catalogue {

// All that are registered, by name, complete or not.
std::vector<Scenario> unchecked_scenarios();

// What `scenario` lacks, in one sentence; "" if it is complete.
std::string missing_in(const Scenario& scenario);

}  // namespace racecourse::catalogue
