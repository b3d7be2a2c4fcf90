// Verdicts in one sentence.
#pragma once

#include <racecourse/checkers/control/search_loop.h>
#include <racecourse/checkers/control/shrink.h>
#include <racecourse/checkers/explore.h>

#include <cstdint>
#include <string>

namespace racecourse::control {

// "in execution 3 of 10000 (seed 1)"
std::string where_found(const Found& found, const Options& options);
// "; from 14 switches to 2, and from 1,920 steps to 310": what became less, if anything did
std::string how_shortened(const Shrunk& shrunk);
// A systematic search came to its end, and nothing speaks against it.
bool proves(const SearchResult& result);
// The same of a shard, which has searched its part of the tree.
bool exhausts_its_part(const SearchResult& result);
// "assuming ...": under what a proof holds.
std::string assumptions(const Options& options);
// While the search goes on: ", 1,204 distinct traces (about 3 % new)", the next one with that probability.
std::string seen_so_far(const Traces& traces);
std::string text_of_nothing_found(const SearchResult& result, const Options& options, double seconds);
// Why a token's replay found nothing: the first segment that `recorded` does not show, if any.
std::string text_of_unfit_token(const schedule::Schedule& token, const schedule::Schedule& recorded, bool deviated);
// Why a token was refused although it could be followed: the program did something else `where`.
std::string text_of_another_program(const std::string& where);

}  // namespace racecourse::control
