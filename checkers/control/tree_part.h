// What a shard of an exhaustive search says of its part of the tree, for those who join the parts.
#pragma once

#include <string>

namespace racecourse::control {

struct Coverage;

// One line of JSON: "traces" of the part, "threads", "preemptions" (that they may have; -1: any number), "split" (how
// the tree was dealt out), "all" (the traces of all parts, if it was too small to be dealt out), "late" (how many of
// its traces other shards may have seen as well; see schedule/forest.h), "digests" of these, unless they are too many,
// and "assuming": under what the search proves anything.
std::string json_of_part(const Coverage& coverage, const std::string& assuming);

}  // namespace racecourse::control
