// What the parts of the tree of an exhaustive search add up to, which shards have searched.
#pragma once

#include <racecourse/scenarios/json.h>

#include <optional>
#include <string>
#include <vector>

namespace racecourse::command {

struct Tree {
  bool proves;
  std::string text;  // the verdict; if it proves nothing, why
};

// A tree that was too small to be dealt out, so that each shard has explored all of it; nothing if it was not.
std::optional<Tree> tree_of_each(const std::vector<catalogue::Json>& parts);
// `parts`: what every shard says of its part (checkers/control/tree_part.h). Throws catalogue::Json::exception if that
// is not what they say.
Tree join_trees(const std::vector<catalogue::Json>& parts);

}  // namespace racecourse::command
