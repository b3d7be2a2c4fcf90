// The memory of a systematic search: made by the parent, shared with its workers, and kept from one to the next. And
// its rounds, which have the part of batches: how many executions each has, and what of the tree is explored in it,
// depends on the tree alone.
#pragma once

#include <racecourse/checkers/explore.h>
#include <racecourse/checkers/schedule/bounded.h>
#include <racecourse/checkers/schedule/forest.h>
#include <racecourse/checkers/schedule/systematic.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace racecourse::control {

// How far a systematic search came.
struct Coverage {
  bool exhausted = false;
  std::uint64_t traces = 0;     // different executions
  std::uint64_t redundant = 0;  // executions that showed nothing new
  std::uint32_t threads = 0;
  int preemptions = -1;  // at most so many were searched; -1: all
  std::string breach;    // not empty: it proves nothing, and why
  // Of a shard: what it has found out of its part of the tree (schedule/forest.h, or bounded_shard.h).
  bool of_shard = false;
  std::uint64_t counted_elsewhere = 0;  // executions that every shard runs, and another one counts
  std::uint64_t split = 0;              // how the tree was dealt out; 0: it was not
  std::uint64_t of_all_shards = 0;      // different executions, if it was not: every shard has seen them all
  std::uint64_t late_traces = 0;        // of the traces: those that other shards may have seen as well
  std::vector<std::uint64_t> late;      // their digests, unless they are too many
};

class SystematicSearch {
 public:
  // `shares`: whether several workers may explore it at the same time.
  SystematicSearch(const Options& options, bool shares);
  ~SystematicSearch();
  SystematicSearch(const SystematicSearch&) = delete;
  SystematicSearch& operator=(const SystematicSearch&) = delete;

  // False if the options ask for another strategy; then nothing else may be called but full().
  bool exists() const { return !arenas_.empty(); }
  // A search of it: any.
  schedule::Systematic* get() const { return exists() ? searches_[0] : nullptr; }

  // Executions in chunks, each of which may end early. If the round is shared, several workers may run them, each chunk
  // one; else it is one chunk.
  struct Round {
    std::uint64_t executions;
    std::uint64_t chunk;
    bool shared;
  };
  // `done` of this search so far; at most `left`, which is not 0.
  Round begin_round(std::uint64_t done, std::uint64_t left);
  bool is_shared() const { return shared_; }
  // In a worker: what it goes on with in the chunk whose number is, at that time, in `*chunk`.
  std::unique_ptr<schedule::Searches> searches(const std::uint32_t* chunk);
  // In the parent: the worker of a chunk has ended, perhaps in the middle of an execution.
  void worker_ended(std::uint32_t chunk);
  // `done` in all, `executions` of them in the round.
  void end_round(std::uint64_t done, std::uint64_t executions);

  // Sharing it costs more than it gains: it had better be begun anew by one alone.
  bool shares_in_vain() const { return strikes_ > 1; }

  bool exhausted() const;
  // It holds so much that it must not go on.
  bool full() const;
  // Of a search that is going on: ", 1,204 different, about 3 % of the known tree".
  std::string seen() const;
  double part_explored() const;  // of the known tree, 0 to 1
  Coverage coverage(std::uint32_t threads) const;

 private:
  class OfChunk;

  std::size_t used() const;
  void cover_part_of_forest(Coverage& coverage) const;
  void cover_part_of_bounded(Coverage& coverage) const;
  void judge_loops();
  void restart();

  std::vector<schedule::Arena*> arenas_;
  std::vector<schedule::Systematic*> searches_;  // all that lie in them
  schedule::Forest* forest_ = nullptr;           // of all executions
  schedule::Bounded* bounded_ = nullptr;         // of those with few preemptions: one search
  bool shared_ = false;
  bool shares_ = true;
  bool of_shard_ = false;
  bool of_first_shard_ = false;
  std::uint64_t done_ = 0;   // executions
  int strikes_ = 0;          // shared rounds that were hardly worth it
  std::uint64_t alone_ = 0;  // up to which execution one worker goes on alone
};

}  // namespace racecourse::control
