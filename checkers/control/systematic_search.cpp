#include <racecourse/checkers/control/grouped.h>
#include <racecourse/checkers/control/systematic_search.h>
#include <racecourse/checkers/options.h>
#include <racecourse/checkers/report/symbolize.h>

#include <algorithm>
#include <cstdio>
#include <numeric>

namespace racecourse::control {
namespace {

using schedule::Arena;
using schedule::Forest;
using schedule::Systematic;

// Of address space: for what belongs to all, and for each lane. Where it is limited (`ulimit -v`, or
// vm.overcommit_memory=2), as much less as it takes.
constexpr std::size_t kArena = std::size_t{16} << 30;
constexpr std::size_t kArenaOfLane = std::size_t{8} << 30;
constexpr std::size_t kLeastOfLane = std::size_t{1} << 20;
// What a search may use of it before it is stopped; of each part no more than half, since this is looked at now and
// then.
constexpr std::size_t kMostUsed = std::size_t{4} << 30;

// One for all, then one for each lane. Throws std::runtime_error if there is no room for small ones.
std::vector<Arena*> map_arenas(std::size_t lanes) {
  for (std::size_t less = 1; less < kArenaOfLane / kLeastOfLane; less *= 4) {
    std::vector<Arena*> arenas{Arena::try_map(kArena / less)};
    while (arenas.back() != nullptr && arenas.size() <= lanes) arenas.push_back(Arena::try_map(kArenaOfLane / less));
    if (arenas.back() != nullptr) return arenas;
    arenas.pop_back();
    for (Arena* arena : arenas) Arena::unmap(arena);
  }
  std::vector<Arena*> arenas{Arena::map(kLeastOfLane)};
  while (arenas.size() <= lanes) arenas.push_back(Arena::map(kLeastOfLane));
  return arenas;
}

// The first executions are run by one worker: a small tree is over before there is anything to share, and what has to
// be learnt about the program (what races, which loops only delay) makes the search begin anew.
constexpr std::uint64_t kFirstEnds[] = {1, 3, 8, 64};
// A round that is shared costs a start of all workers. So it is not small. When it turns out to have been, because all
// parts of the tree but one are small, one worker goes on alone for as long as the search took so far. When that
// happens again, the tree is not one to be shared.
constexpr std::uint64_t kFewest = 256;
constexpr std::uint64_t kAlone = 512;
constexpr std::uint64_t kTooLateToBeginAnew = 100'000;
constexpr std::uint64_t kLeastShared = 1024;
constexpr std::uint64_t kMostShared = 65536;

}  // namespace

class SystematicSearch::OfChunk final : public schedule::Searches {
 public:
  OfChunk(SystematicSearch& search, const std::uint32_t* chunk) : search_(search), chunk_(chunk) {}
  Systematic* next() override {
    if (search_.bounded_ != nullptr) return search_.bounded_->exhausted() ? nullptr : search_.bounded_;
    return search_.shared_ ? search_.forest_->lane(*chunk_) : search_.forest_->next();
  }
  void restart() override {
    if (search_.shared_) {
      search_.forest_->put_off_restart(*chunk_);
    } else {
      search_.restart();
    }
  }

 private:
  SystematicSearch& search_;
  const std::uint32_t* const chunk_;
};

SystematicSearch::SystematicSearch(const Options& options, bool shares) : shares_(shares) {
  if (options.strategy != "exhaustive") return;
  const Shard shard = shard_of(options);
  of_shard_ = shard.count > 1;
  of_first_shard_ = shard.index == 1;
  arenas_ = map_arenas(options.preemptions >= 0 ? 0 : Forest::kLanes);
  Arena* own = arenas_[0];
  if (options.preemptions >= 0) {
    bounded_ = own->make<schedule::Bounded>(own, options.preemptions);
    bounded_->set_shard(shard.index, shard.count);
    searches_.push_back(bounded_);
    return;
  }
  std::array<Arena*, Forest::kLanes> of_lanes;
  std::copy_n(arenas_.begin() + 1, Forest::kLanes, of_lanes.begin());
  forest_ = own->make<Forest>(own, of_lanes);
  for (unsigned i = 0; i < Forest::kLanes; i++) searches_.push_back(&forest_->search(i));
  forest_->set_shard(static_cast<std::uint8_t>(shard.index), static_cast<std::uint8_t>(shard.count), {});
}

SystematicSearch::~SystematicSearch() {
  for (Arena* arena : arenas_) Arena::unmap(arena);  // all that the search holds lies in them
}

SystematicSearch::Round SystematicSearch::begin_round(std::uint64_t done, std::uint64_t left) {
  shared_ = false;
  for (const std::uint64_t end : kFirstEnds) {
    if (done >= end) continue;
    const std::uint64_t size = std::min(end - done, left);
    return {size, size, false};
  }
  if (forest_ != nullptr && shares_ && forest_->is_dealt() && done >= alone_ && left >= kLeastShared &&
      forest_->deal()) {
    shared_ = true;
    const std::uint64_t chunk = std::clamp(std::min(done, left), kLeastShared, kMostShared) / Forest::kLanes;
    return {chunk * Forest::kLanes, chunk, true};
  }
  const std::uint64_t size = std::min(std::max(kAlone, shares_ ? alone_ - std::min(alone_, done) : done), left);
  return {size, size, false};
}

void SystematicSearch::end_round(std::uint64_t done, std::uint64_t executions) {
  done_ = done;
  if (shared_ && executions < kFewest) {
    alone_ = 2 * done;
    if (done < kTooLateToBeginAnew && !exhausted()) ++strikes_;
  }
  if (forest_ != nullptr) forest_->settle();
  shared_ = false;
  judge_loops();
  if (full()) searches_[0]->set_breach("the search tree grew too large");
}

std::unique_ptr<schedule::Searches> SystematicSearch::searches(const std::uint32_t* chunk) {
  return std::make_unique<OfChunk>(*this, chunk);
}

void SystematicSearch::restart() {
  if (forest_ != nullptr) {
    forest_->restart();
  } else {
    bounded_->restart();
  }
}

void SystematicSearch::worker_ended(std::uint32_t chunk) {
  Systematic* search = searches_[0];
  if (forest_ != nullptr) search = searches_[shared_ ? chunk : forest_->current()];
  if (!search->in_execution()) return;
  // What the other threads would still have done is not known.
  search->set_breach("an execution ended the process");
  search->end();
}

// libstdc++ lets std::atomic::wait(), semaphores and barriers spin 16 times before they sleep. As long as a turn reads
// the same, leaving it out makes no difference to anybody. All lanes are told of what one has come across; when some
// loops only delay, the search begins anew.
void SystematicSearch::judge_loops() {
  bool restarts = false;
  for (Systematic* search : searches_) {
    if (std::ranges::all_of(search->loops(), [](const auto& loop) { return loop.judged; })) continue;
    const auto symbols = report::process_symbols();
    for (auto& loop : search->loops()) {
      if (loop.judged) continue;
      loop.only_delays = std::ranges::any_of(symbols->code(loop.pc - 1), [](const report::Place& place) {
        return place.function.find("__atomic_spin") != std::string::npos ||
               place.function.find("_S_do_spin") != std::string::npos;
      });
      restarts |= loop.only_delays;
      for (Systematic* other : searches_) {
        if (other->find_loop(loop.pc) == nullptr) other->add_loop(loop.pc);
        if (Systematic::Loop* known = other->find_loop(loop.pc)) *known = {loop.pc, true, loop.only_delays};
      }
    }
  }
  if (restarts) restart();
}

std::size_t SystematicSearch::used() const {
  return std::accumulate(arenas_.begin(), arenas_.end(), std::size_t{0},
                         [](std::size_t sum, const Arena* arena) { return sum + arena->used(); });
}

bool SystematicSearch::full() const {
  const auto half_full = [](const Arena* arena) { return arena->used() > arena->size() / 2; };
  return used() > kMostUsed || std::ranges::any_of(arenas_, half_full);
}

bool SystematicSearch::exhausted() const { return forest_ != nullptr ? forest_->exhausted() : bounded_->exhausted(); }

double SystematicSearch::part_explored() const {
  return forest_ != nullptr ? forest_->part_explored() : bounded_->part_explored();
}

std::string SystematicSearch::seen() const {
  char percent[32];
  std::snprintf(percent, sizeof percent, "%.2g", 100 * part_explored());
  const std::uint64_t traces = forest_ != nullptr ? forest_->traces() : bounded_->traces();
  return ", " + grouped(traces) + " different, about " + percent + " % of the known tree";
}

Coverage SystematicSearch::coverage(std::uint32_t threads) const {
  Coverage coverage;
  coverage.exhausted = exhausted();
  coverage.threads = threads;
  if (bounded_ != nullptr) coverage.preemptions = bounded_->preemptions();
  coverage.traces = forest_ != nullptr ? forest_->traces() : bounded_->traces();
  coverage.redundant = forest_ != nullptr ? forest_->redundant() : bounded_->redundant();
  for (const Systematic* search : searches_) {
    if (search->breach() != nullptr && coverage.breach.empty()) coverage.breach = search->breach();
  }
  if (!of_shard_) return coverage;
  coverage.of_shard = true;
  coverage.of_all_shards = coverage.traces;
  forest_ != nullptr ? cover_part_of_forest(coverage) : cover_part_of_bounded(coverage);
  return coverage;
}

void SystematicSearch::cover_part_of_forest(Coverage& coverage) const {
  // What was run before the search began anew, too.
  const std::uint64_t in_vain = done_ - std::min(done_, coverage.traces + coverage.redundant);
  coverage.traces -= forest_->traces_of_others();
  coverage.redundant -= forest_->redundant_of_others();
  coverage.counted_elsewhere =
      forest_->traces_of_others() + forest_->redundant_of_others() + (of_first_shard_ ? 0 : in_vain);
  coverage.split = forest_->split();
  coverage.late_traces = forest_->late_traces();
  coverage.late.assign(forest_->late().begin(), forest_->late().end());
  if (!forest_->repeats()) return;
  coverage.traces = coverage.late_traces = forest_->seen().size();
  if (coverage.exhausted && coverage.traces <= Forest::kMostLate)
    coverage.late.assign(forest_->seen().begin(), forest_->seen().end());
  std::ranges::sort(coverage.late);
}

void SystematicSearch::cover_part_of_bounded(Coverage& coverage) const {
  if (!of_first_shard_) coverage.counted_elsewhere = bounded_->shard().common_executions();
  coverage.split = bounded_->shard().split();
  coverage.late_traces = coverage.traces;
  if (coverage.exhausted && coverage.traces <= Forest::kMostLate) coverage.late = bounded_->digests();
}

}  // namespace racecourse::control
