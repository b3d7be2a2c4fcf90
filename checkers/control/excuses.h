// Suppressions at work in a search: which of the findings of an execution count for nothing.
//
// A suppression goes by the stacks of a finding, and in a search nobody knows stacks: a race is noticed with one return
// address. So an execution that a search stops at is replayed with a trace, and what that shows is judged here, by
// name. What was judged once is known again without names: a place whose own line is suppressed is known to the
// detector (detect/excuse.h) and costs nothing; any other finding by the return addresses of its stacks, for which a
// worker replays the execution with a trace, by itself.
#pragma once

#include <racecourse/checkers/control/goal.h>
#include <racecourse/checkers/explore.h>
#include <racecourse/checkers/report/symbolize.h>
#include <racecourse/checkers/report/trace_view.h>
#include <racecourse/checkers/runtime/shared_block.h>
#include <racecourse/checkers/suppression.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace racecourse::control {

struct Found;

class Excuses {
 public:
  // For one search or replay at a time. Throws as Suppressions does.
  explicit Excuses(const std::string& file);

  const Suppressions& suppressions() const { return suppressions_; }

  // In the parent, of an execution that a search has stopped at. Replays it, and moves what is suppressed to
  // `found.excused`. True when nothing is left that would end the search.
  bool excuse(const std::function<void()>& body, const Options& options, const Goal& goal, Found& found,
              UsedSuppressions& used);

  // In a worker, of an execution whose findings would end the search: takes them out of the block if all of them are
  // known to be suppressed. `trace_again` fills the block with a traced replay of it. `used` is by suppression.
  void look_again(runtime::SharedBlock& block, const Goal& goal, const std::function<void()>& trace_again,
                  bool* used) const;

  // A traced block may hold so many suppressed races that there is no room for others, or end at one. True if so, and
  // judging it has shown places that the detector can pass over: then it is worth to replay once more.
  bool makes_room(const runtime::SharedBlock& block, const Options& options);
  // Takes what is suppressed out of a block with a trace, and says what that was.
  UsedSuppressions drop_suppressed(runtime::SharedBlock& block);

  // The places that the detector knows, for another process.
  const std::unordered_map<std::uint64_t, std::size_t>& places() const { return places_; }
  void know_place(std::uint64_t pc, std::size_t suppression);

 private:
  using Stack = std::vector<std::uint64_t>;  // return addresses, innermost first

  static std::vector<Stack> stacks_of(const report::Trace& trace, std::size_t finding);
  static std::uint64_t signature(const report::Trace& trace, std::size_t finding);
  std::optional<std::size_t> match(Kind kind, const std::vector<Stack>& stacks, const std::string& file);
  // Which suppression each finding of the trace falls under; remembers it for later.
  std::vector<std::optional<std::size_t>> judge(const report::Trace& trace);

  Suppressions suppressions_;
  std::unique_ptr<report::Symbols> symbols_;
  std::unordered_map<std::uint64_t, std::size_t> places_;      // by return address
  std::unordered_map<std::uint64_t, std::size_t> signatures_;  // of other suppressed findings
};

}  // namespace racecourse::control
