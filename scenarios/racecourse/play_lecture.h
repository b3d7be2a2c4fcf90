// `racecourse play NAME --lecture`: a ready picture, one step a key.
#pragma once

#include <racecourse/scenarios/racecourse/play_game.h>
#include <racecourse/scenarios/racecourse/play_world.h>

namespace racecourse::command {

// Returns the exit code. `lines`: Enter instead of a key.
int lecture(SteeredWorld& world, const Aim& aim, bool lines);

}  // namespace racecourse::command
