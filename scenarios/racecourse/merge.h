// What a row of a shard says beside its verdict, so that `racecourse merge` can join it with the others.
#pragma once

#include <racecourse/scenarios/racecourse/cells.h>

#include <string>

namespace racecourse::command {

// "shard" and "shards"; "split": whether the row is about a part of the cell's search; and what must be the same in all
// shards: "budget", "strategy" and "preemptions" as they were asked for (null: each entry's own) and "program", a
// digest of the program that ran it.
catalogue::Json part_of(const Cell& cell, const Settings& settings, const std::string& program);

// The JSON of a shard that has nothing to run.
void print_empty_shard(const Shard& shard);

}  // namespace racecourse::command
