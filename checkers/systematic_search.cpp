#include <racecourse/checkers/grouped.h>
#include <racecourse/checkers/report/symbolize.h>
#include <racecourse/checkers/schedule/bounded.h>
#include <racecourse/checkers/schedule/optimal.h>
#include <racecourse/checkers/systematic_search.h>

#include <algorithm>
#include <cstdio>

namespace racecourse::control {
namespace {

// Of address space.
constexpr std::size_t kArena = std::size_t{16} << 30;
// What a search may use of it before it is stopped.
constexpr std::size_t kMostUsed = std::size_t{4} << 30;

}  // namespace

SystematicSearch::SystematicSearch(const Options& options) {
  if (options.strategy != "exhaustive") return;
  arena_ = schedule::Arena::map(kArena);
  if (options.preemptions < 0) {
    search_ = arena_->make<schedule::Optimal>(arena_);
  } else {
    search_ = arena_->make<schedule::Bounded>(arena_, options.preemptions);
  }
}

SystematicSearch::~SystematicSearch() {
  if (arena_ != nullptr) schedule::Arena::unmap(arena_);  // all that the search holds lies in it
}

void SystematicSearch::worker_ended() const {
  if (search_ == nullptr) return;
  if (search_->in_execution()) {
    // What the other threads would still have done is not known.
    search_->set_breach("an execution ended the process");
    search_->end();
  }
  if (full()) search_->set_breach("the search tree grew too large");
}

// libstdc++ lets std::atomic::wait(), semaphores and barriers spin 16 times before they sleep. As long as a turn reads
// the same, leaving it out makes no difference to anybody.
void SystematicSearch::judge_loops() const {
  if (search_ == nullptr || std::ranges::all_of(search_->loops(), [](const auto& loop) { return loop.judged; })) return;
  const auto symbols = report::process_symbols();
  bool restarts = false;
  for (auto& loop : search_->loops()) {
    if (loop.judged) continue;
    loop.judged = true;
    loop.only_delays = std::ranges::any_of(symbols->code(loop.pc - 1), [](const report::Place& place) {
      return place.function.find("__atomic_spin") != std::string::npos ||
             place.function.find("_S_do_spin") != std::string::npos;
    });
    restarts |= loop.only_delays;
  }
  if (restarts) search_->restart();
}

bool SystematicSearch::full() const { return arena_ != nullptr && arena_->used() > kMostUsed; }

std::string SystematicSearch::seen() const {
  char percent[32];
  std::snprintf(percent, sizeof percent, "%.2g", 100 * search_->part_explored());
  return ", " + grouped(search_->traces()) + " different, about " + percent + " % of the known tree";
}

Coverage SystematicSearch::coverage(std::uint32_t threads) const {
  Coverage coverage;
  coverage.exhausted = search_->exhausted();
  coverage.traces = search_->traces();
  coverage.redundant = search_->redundant();
  coverage.threads = threads;
  coverage.preemptions = search_->preemptions();
  if (search_->breach() != nullptr) coverage.breach = search_->breach();
  return coverage;
}

}  // namespace racecourse::control
