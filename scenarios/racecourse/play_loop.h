// Playing a game at a terminal, line by line, or by a script.
#pragma once

#include <racecourse/scenarios/racecourse/play_game.h>

#include <string>

namespace racecourse::command {

struct HowToPlay {
  std::string schedule;  // words as a player types them, or a file of them; empty: the user plays
  bool lines = false;    // whole lines, even at a terminal
};

// Until the game is over, or there is no more to read; then says how it is played again. Throws BadRequest if the file
// cannot be read.
void play_out(Game& game, const HowToPlay& how);

}  // namespace racecourse::command
