// The memory of a systematic search: made by the parent, shared with its workers, and kept from one to the next.
#pragma once

#include <racecourse/checkers/explore.h>
#include <racecourse/checkers/schedule/systematic.h>

#include <cstdint>
#include <string>

namespace racecourse::control {

// How far a systematic search came.
struct Coverage {
  bool exhausted = false;
  std::uint64_t traces = 0;     // different executions
  std::uint64_t redundant = 0;  // executions that showed nothing new
  std::uint32_t threads = 0;
  int preemptions = -1;  // at most so many were searched; -1: all
  std::string breach;    // not empty: it proves nothing, and why
};

class SystematicSearch {
 public:
  explicit SystematicSearch(const Options& options);
  ~SystematicSearch();
  SystematicSearch(const SystematicSearch&) = delete;
  SystematicSearch& operator=(const SystematicSearch&) = delete;

  // Null if the options ask for another strategy.
  schedule::Systematic* get() const { return search_; }
  // A worker has ended, perhaps in the middle of an execution.
  void worker_ended() const;
  // Looks up the loops that the search has come across. When some of them only delay, it begins anew.
  void judge_loops() const;
  // It holds so much that it must not go on.
  bool full() const;
  // Of a search that is going on: ", 1,204 different, about 3 % of the known tree".
  std::string seen() const;
  Coverage coverage(std::uint32_t threads) const;

 private:
  schedule::Arena* arena_ = nullptr;
  schedule::Systematic* search_ = nullptr;
};

}  // namespace racecourse::control
