// One call of explore() and its relatives, from options to verdict: search, shrink, confirm.
#pragma once

#include <racecourse/checkers/control/goal.h>
#include <racecourse/checkers/explore.h>

#include <functional>
#include <string>

namespace racecourse::control {

struct Investigation {
  Verdict verdict;
  bool skipped = false;   // this process was started for another call: nothing was searched, and nothing is to be said
  bool replayed = false;  // a token was replayed, nothing was searched
  bool interrupted = false;  // by Ctrl-C: the verdict is what was found so far, and the program is to end
  std::string name;          // by which reports call it
  std::string json;          // the file that tools want to be told in; empty: none
};

Investigation investigate(const std::function<void()>& body, const Options& options, const Goal& goal);

}  // namespace racecourse::control
