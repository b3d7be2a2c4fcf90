// Options as text: the environment variable RACECOURSE_OPTIONS, laid over what the program asked for.
//
//   RACECOURSE_OPTIONS="executions=100000 seed=7 name='two words'"
//
// RACECOURSE_WORKERS=N is the number of workers where nothing else says one; tests in CTest, of which several run side
// by side, have 1.
//
// Every field of Options is a key; the results of `forbidden` are separated by |, the kinds of `judge` by commas. More
// keys:
//   json=FILE  append the verdict to a file, as one line of JSON (see verdict_json.h)
//   trace=1    of a replay: append every event to the report
//   call=2     of a replay: the token belongs to the second explore() of the test; the others return at once
#pragma once

#include <racecourse/checkers/explore.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace racecourse {

struct EffectiveOptions {
  Options options;
  std::string json;  // empty: none
  bool whole_trace = false;
  std::uint64_t call = 1;  // which explore() of the test a token from the environment is for
  bool token_from_environment = false;
};

// Lays `text` over `base`. Throws std::invalid_argument with one sentence for an unknown key, a bad value, or a
// combination that cannot be run.
EffectiveOptions parse_options(std::string_view text, const Options& base = {});

// Lays RACECOURSE_OPTIONS over `base`; without the variable only checks `base`.
EffectiveOptions options_from_environment(const Options& base);

// Which part of the budget Options::shard asks for; {1, 1}: all of it.
struct Shard {
  std::uint64_t index = 1;  // from 1
  std::uint64_t count = 1;
};
Shard shard_of(const Options& options);

// The text that parse_options() turns from `base` into `wanted`, restricted to what changes the meaning of a schedule:
// a replay must judge as the search did. Empty, or "key=value key=value".
std::string replay_differences(const Options& base, const Options& wanted);

}  // namespace racecourse
