// A batch of executions, run by several workers at once so that nobody can tell how many they were.
//
// The batch is cut into chunks (chunk.h). Workers take one after the other, each in a process and a workspace of its
// own. When an execution finds something, those with greater numbers are given up and those with lower ones are still
// run: the finding with the lowest number wins.
//
// A worker that dies by the body's fault is replaced, and its chunk goes on behind that execution. One that somebody
// else kills (SIGKILL, SIGTERM and the like) is replaced too, and its chunk is run again; if that kills it in the same
// execution again, it was the body. The tree of a systematic search may be half changed then, so the search is lost.
#pragma once

#include <racecourse/checkers/control/excuses.h>
#include <racecourse/checkers/control/goal.h>
#include <racecourse/checkers/control/systematic_search.h>
#include <racecourse/checkers/control/worker.h>
#include <racecourse/checkers/control/workspace.h>
#include <racecourse/checkers/runtime/execution.h>

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace racecourse::control {

class Batch {
 public:
  struct Task {
    const std::function<void()>& body;
    const Goal& goal;
    const Excuses& excuses;
    runtime::BatchConfig config;      // without `first`, `last` and what a batch fills in by itself
    std::function<void()> meanwhile;  // called about ten times a second
    bool is_last_attempt;             // a systematic search was lost before: now it was the body
    SystematicSearch* systematic;     // null: none
  };

  // Executions [first, last), in chunks of `chunk`. The task is kept by reference.
  Batch(const Task& task, std::uint64_t first, std::uint64_t last, std::uint64_t chunk);

  // At most kMaxWorkers.
  void run(unsigned workers);

  // Afterwards:
  const std::string& failure() const { return failure_; }  // not empty: it could not be run, and why
  // The workspace that shows the finding with the lowest number; null: nothing was found.
  const Workspace* found() const;
  // It ended before all was run, and nothing was found: the time is over, there is nothing left to search, or it was
  // interrupted (interrupt.h).
  bool stopped() const { return stopped_; }
  // A systematic search must begin anew.
  bool lost() const { return lost_; }
  // Calls `visit` for each chunk that counts, in their order: all, or those up to the finding.
  void for_each_chunk(const std::function<void(const Chunk&)>& visit) const;
  // While it runs, too: how many executions ended, whether or not they will count.
  std::uint64_t completed() const;

 private:
  struct Slot {
    std::optional<Worker> worker;
    std::uint64_t ended = 0;  // executions of earlier workers
  };

  void start(unsigned slot, std::uint32_t chunk);
  void work(Workspace& space);
  void wait();
  void break_off();
  void look_after(unsigned slot);
  bool run_again(unsigned slot);
  void find(unsigned slot);
  std::optional<std::uint32_t> left_over() const;

  const Task& task_;
  SharedBatch& shared_;
  WorkerSettings settings_;
  std::array<Slot, kMaxWorkers> slots_;
  std::optional<unsigned> found_;
  std::string failure_;
  bool stopped_ = false;
  bool lost_ = false;
  unsigned killed_ = 0;
};

}  // namespace racecourse::control
