#include <racecourse/checkers/control/batch.h>
#include <racecourse/checkers/control/interrupt.h>
#include <racecourse/checkers/control/process.h>
#include <racecourse/checkers/schedule/exhaustive.h>

#include <algorithm>
#include <limits>

namespace racecourse::control {
namespace {

constexpr std::uint32_t kNoChunk = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t kNobody = std::numeric_limits<std::uint64_t>::max();
// Somebody who kills so many means it.
constexpr unsigned kMostKilled = 100;

// Counts the execution once for each kind that it showed. Touches shared memory only: it runs in the worker.
void tolerate(Workspace& space) {
  KindSet counted;
  for (std::uint32_t i = 0; i < finding_count(space.block); i++) {
    const Kind kind = static_cast<Kind>(space.block.findings[i].kind);
    if (!counted.has(kind)) space.counted.tolerated[static_cast<int>(kind)]++;
    counted.add(kind);
  }
}

// Enters what the worker has done since the last time into the record of its chunk.
void collect(Workspace& space, SharedBatch& batch) {
  Chunk& chunk = batch.chunks[space.chunk];
  collect(space.block, space.counted, chunk.tally);
  const std::uint64_t completed = space.block.completed.load();
  chunk.next += completed - space.collected;
  space.collected = completed;
}

bool begin_next(Workspace& space, SharedBatch& batch) {
  const std::uint32_t mine = batch.next_chunk.fetch_add(1);
  space.chunk = mine < batch.chunk_count && batch.chunks[mine].first <= batch.last_wanted ? mine : kNoChunk;
  return space.chunk != kNoChunk;
}

}  // namespace

Batch::Batch(const Task& task, std::uint64_t first, std::uint64_t last, std::uint64_t chunk)
    : task_(task), shared_(shared_memory().batch) {
  settings_.watchdog_seconds = task.config.watchdog_seconds;
  shared_.last_wanted = kNobody;
  shared_.chunk_count = 0;
  for (std::uint64_t at = first; at < last; at += chunk) {
    Chunk& fresh = shared_.chunks[shared_.chunk_count++];
    clear(fresh.tally);
    fresh.first = fresh.next = at;
    fresh.end = std::min(at + chunk, last);
    fresh.killed_at = 0;
    fresh.died = false;
  }
}

void Batch::run(unsigned workers) {
  const unsigned count = std::min(workers, shared_.chunk_count);
  shared_.next_chunk = count;
  for (unsigned slot = 0; slot < count; slot++) start(slot, slot);
  wait();
  // A worker was killed after it had taken a chunk and before it had said so.
  while (const auto chunk = left_over()) {
    start(found_ == 0u ? 1 : 0, *chunk);
    wait();
  }
}

std::optional<std::uint32_t> Batch::left_over() const {
  const double until = task_.config.until;
  if (stopped_ || lost_ || interrupted() != 0 || !failure_.empty() || (until > 0 && now() >= until))
    return std::nullopt;
  for (std::uint32_t i = 0; i < shared_.chunk_count; i++) {
    if (shared_.chunks[i].first > shared_.last_wanted) break;
    if (!shared_.chunks[i].done() && shared_.chunks[i].next <= shared_.last_wanted) return i;
  }
  return std::nullopt;
}

void Batch::start(unsigned slot, std::uint32_t chunk) {
  Workspace& space = workspace(slot);
  if (slots_[slot].worker) slots_[slot].ended += space.block.completed;
  slots_[slot].worker.reset();
  clear(space);
  space.chunk = chunk;
  slots_[slot].worker.emplace(space, settings_, [&] { work(space); });
}

// The life of a worker.
void Batch::work(Workspace& space) {
  runtime::BatchConfig config = task_.config;
  config.first = shared_.chunks[space.chunk].next;
  config.last = shared_.chunks[space.chunk].end;
  config.last_wanted = &shared_.last_wanted;
  SystematicSearch* const systematic = task_.systematic;
  if (systematic != nullptr) {
    config.make_strategy = [systematic, &space] {
      return std::make_unique<schedule::Exhaustive>(systematic->searches(&space.chunk));
    };
  } else {
    config.notes = &space.counted.notes;
    config.lock_cycles = &space.counted.lock_cycles;
  }
  // A systematic search knows of races at once, and so does the next worker; but not one that runs at the same time.
  if (systematic == nullptr || systematic->is_shared()) config.raced = &space.counted.raced;
  config.suppressed = space.counted.suppressed;
  config.excuse = [this, &space](runtime::SharedBlock& block, const std::function<void()>& trace_again) {
    task_.excuses.look_again(block, task_.goal, trace_again, space.counted.suppressed);
  };
  config.stop_at = [this, &space](const runtime::SharedBlock& block) {
    if (task_.goal.ends_with(block)) {
      std::uint64_t lowest = shared_.last_wanted;
      while (block.execution < lowest && !shared_.last_wanted.compare_exchange_weak(lowest, block.execution)) continue;
      return true;
    }
    tolerate(space);
    return false;
  };
  config.next = [this, &space](std::uint64_t& first, std::uint64_t& last) {
    collect(space, shared_);
    Chunk& chunk = shared_.chunks[space.chunk];
    chunk.end = chunk.next;  // if it is not at its end there is nothing left to search in it
    if (!begin_next(space, shared_)) return false;
    first = shared_.chunks[space.chunk].first;
    last = shared_.chunks[space.chunk].end;
    return true;
  };
  runtime::run_batch(task_.body, config, space.block);
  if (space.chunk != kNoChunk) collect(space, shared_);
}

// Until no worker is left.
void Batch::wait() {
  double next_look = now() + kLookInterval;
  while (failure_.empty()) {
    std::vector<int> descriptors;
    for (const Slot& slot : slots_) {
      if (slot.worker) descriptors.push_back(slot.worker->descriptor());
    }
    if (descriptors.empty()) return;
    wait_for_any(descriptors, std::max(0.0, next_look - now()));
    if (interrupted() != 0) return break_off();
    for (unsigned slot = 0; slot < slots_.size(); slot++) {
      if (slots_[slot].worker && slots_[slot].worker->has_ended()) look_after(slot);
    }
    if (now() < next_look) continue;
    for (Slot& slot : slots_) {
      if (slot.worker) slot.worker->look();
    }
    if (task_.meanwhile) task_.meanwhile();
    next_look = now() + kLookInterval;
  }
  for (Slot& slot : slots_) slot.worker.reset();
}

// Ctrl-C. Whole executions count, although what they would have taught is given up with the worker.
void Batch::break_off() {
  for (unsigned slot = 0; slot < slots_.size(); slot++) {
    if (!slots_[slot].worker) continue;
    slots_[slot].worker.reset();
    const Workspace& space = workspace(slot);
    slots_[slot].ended += space.block.completed;
    if (space.chunk != kNoChunk) shared_.chunks[space.chunk].next += space.block.completed - space.collected;
  }
  stopped_ = !found_;
}

// Its worker has ended.
void Batch::look_after(unsigned slot) {
  Workspace& space = workspace(slot);
  Worker& worker = *slots_[slot].worker;
  const bool has_work = space.chunk != kNoChunk;
  if (has_work && worker.was_killed() && run_again(slot)) return;
  const WorkerResult result = has_work ? worker.result() : WorkerResult{};
  if (has_work && task_.systematic != nullptr) task_.systematic->worker_ended(space.chunk);
  if (result.end == WorkerEnd::failed) failure_ = result.message;
  if (result.end == WorkerEnd::refused) {
    failure_ = "a worker process cannot work here: " + reason_to_refuse(space, settings_, [&] { work(space); });
  }
  if (!failure_.empty()) return;

  const bool finds = task_.goal.ends_with(space.block);
  if (result.end == WorkerEnd::died) {
    if (!finds) tolerate(space);
    collect(space, shared_);
    Chunk& chunk = shared_.chunks[space.chunk];
    chunk.next++;
    chunk.died = true;
    if (!finds) return start(slot, space.chunk);
  }
  if (finds) return find(slot);
  // It gave up what another one's finding made worthless, unless there is none.
  stopped_ |= has_work && !shared_.chunks[space.chunk].done() && shared_.last_wanted == kNobody;
  slots_[slot].ended += space.block.completed;
  slots_[slot].worker.reset();
}

// False if it was the body that killed it.
bool Batch::run_again(unsigned slot) {
  const Workspace& space = workspace(slot);
  Chunk& chunk = shared_.chunks[space.chunk];
  const bool in_execution = space.block.stage.load() == static_cast<std::uint32_t>(runtime::Stage::executing);
  if (in_execution && chunk.killed_at == space.block.execution + 1) return false;
  if (task_.systematic != nullptr) {
    lost_ = !task_.is_last_attempt;
    if (lost_) slots_[slot].worker.reset();
    return lost_;
  }
  if (++killed_ > kMostKilled) return false;
  if (in_execution) chunk.killed_at = space.block.execution + 1;
  clear(chunk.tally);
  chunk.next = chunk.first;
  start(slot, space.chunk);
  return true;
}

void Batch::find(unsigned slot) {
  const std::uint64_t execution = workspace(slot).block.execution;
  slots_[slot].ended += workspace(slot).block.completed;
  slots_[slot].worker.reset();
  if (execution > shared_.last_wanted) return;
  shared_.last_wanted = execution;
  found_ = slot;
  // Those whose work is worthless now need not notice by themselves: they may hang.
  for (unsigned other = 0; other < slots_.size(); other++) {
    if (!slots_[other].worker || slots_[other].worker->has_ended()) continue;
    const std::uint32_t chunk = workspace(other).chunk;
    if (chunk != kNoChunk && shared_.chunks[chunk].first > execution) slots_[other].worker.reset();
  }
}

const Workspace* Batch::found() const { return found_ ? &workspace(*found_) : nullptr; }

void Batch::for_each_chunk(const std::function<void(const Chunk&)>& visit) const {
  for (std::uint32_t i = 0; i < shared_.chunk_count; i++) {
    if (shared_.chunks[i].first > shared_.last_wanted) return;
    visit(shared_.chunks[i]);
  }
}

std::uint64_t Batch::completed() const {
  std::uint64_t sum = 0;
  for (unsigned slot = 0; slot < slots_.size(); slot++) {
    sum += slots_[slot].ended;
    if (slots_[slot].worker) sum += workspace(slot).block.completed;
  }
  return sum;
}

}  // namespace racecourse::control
