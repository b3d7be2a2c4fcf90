// The world of a game, as the programs of the catalogue show it.
#pragma once

#include <racecourse/scenarios/racecourse/cells.h>
#include <racecourse/scenarios/racecourse/play_game.h>
#include <racecourse/scenarios/racecourse/steered_program.h>

#include <optional>
#include <string>
#include <vector>

namespace racecourse::command {

class SteeredWorld final : public World {
 public:
  SteeredWorld(const Entry& entry, const Settings& settings);

  Position after(const std::vector<Turn>& turns) override { return program_.after(turns); }
  Position run_on(const std::vector<Turn>& turns) override { return program_.run_on(turns); }
  std::optional<Hint> hint(const std::vector<Turn>& turns) override;
  Judgement judge() override;

  // What the search finds, its picture as wide as a terminal; none if it finds nothing.
  std::optional<Finding> bug();

 private:
  // Of the bug; empty if the search finds none. It is searched when it is first asked for.
  const std::string& token();

  const Entry entry_;
  const Settings settings_;
  SteeredProgram program_;
  std::optional<std::string> token_;
};

}  // namespace racecourse::command
