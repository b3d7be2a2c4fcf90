#include <racecourse/checkers/schedule/bounded.h>
#include <racecourse/checkers/schedule/optimal.h>
#include <racecourse/checkers/systematic_search.h>

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
  if (arena_->used() > kMostUsed) search_->set_breach("the search tree grew too large");
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
