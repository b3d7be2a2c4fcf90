// `racecourse play NAME --lecture`: a ready picture, one step a key.
#pragma once

#include <racecourse/scenarios/racecourse/play_game.h>
#include <racecourse/scenarios/racecourse/play_world.h>

#include <string>
#include <vector>

namespace racecourse::command {

// The parts of a picture that are shown at a time: the heading, then each step with the lines that belong to it.
std::vector<std::string> parts_of(const std::string& picture);

// Returns the exit code. `lines`: Enter instead of a key.
int lecture(SteeredWorld& world, const Aim& aim, bool lines);

}  // namespace racecourse::command
