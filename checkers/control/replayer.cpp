#include <racecourse/checkers/control/replayer.h>
#include <racecourse/checkers/high_descriptors.h>
#include <racecourse/checkers/runtime/execution.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <stdexcept>

namespace racecourse::control {
namespace {

runtime::ReplayConfig replay_config(const Options& options, bool trace) {
  runtime::ReplayConfig config;
  config.max_steps = options.max_steps;
  config.race_check = options.race_check;
  config.stop_at_race = options.stop_at_race;
  config.watchdog_seconds = options.watchdog_seconds;
  config.trace = trace;
  config.heap_by_thread = options.strategy == "exhaustive";
  return config;
}

constexpr char kGo = 'g';
constexpr char kDone = 'd';

bool send_byte(int channel, char byte) { return sendto(channel, &byte, 1, MSG_NOSIGNAL, nullptr, 0) == 1; }
bool receive_byte(int channel) {
  char byte;
  return recv(channel, &byte, 1, 0) == 1;
}

}  // namespace

WorkerResult replay_once(const std::function<void()>& body, const Options& options, const schedule::Schedule& schedule,
                         bool trace, int output) {
  const runtime::ReplayConfig config = replay_config(options, trace);
  WorkerSettings settings;
  settings.watchdog_seconds = options.watchdog_seconds;
  settings.output = output;
  settings.error_output = output;
  Workspace& space = workspace();
  return run_worker(space, settings, [&] {
    runtime::run_replay(body, schedule, config, space.block);
    if (output >= 0) std::fflush(stdout);
  });
}

struct Replayer::Slot {
  std::uint32_t segment_count;
  std::uint32_t pick_count;
  schedule::Segment segments[runtime::kMaxSegments];
  schedule::Pick picks[runtime::kMaxPicks];

  void put(const schedule::Schedule& schedule) {
    segment_count = static_cast<std::uint32_t>(std::min<std::size_t>(schedule.segments.size(), runtime::kMaxSegments));
    pick_count = static_cast<std::uint32_t>(std::min<std::size_t>(schedule.picks.size(), runtime::kMaxPicks));
    std::copy_n(schedule.segments.begin(), segment_count, segments);
    std::copy_n(schedule.picks.begin(), pick_count, picks);
  }
  schedule::Schedule get() const { return {{segments, segments + segment_count}, {picks, picks + pick_count}}; }
};

Replayer::Replayer(const std::function<void()>& body, const Options& options) : body_(body), options_(options) {
  settings_.watchdog_seconds = options.watchdog_seconds;
  void* memory = mmap(nullptr, sizeof(Slot), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::runtime_error("racecourse: cannot map memory to share with workers.");
  slot_ = static_cast<Slot*>(memory);
}

Replayer::~Replayer() {
  worker_.reset();
  if (channel_ >= 0) close(channel_);
  munmap(slot_, sizeof(Slot));
}

// The worker's life. Its variables are on the worker's own stack: the program's is reset before every execution.
void Replayer::serve(int channel) {
  runtime::on_worker_stack([this, channel] {
    const runtime::ReplayConfig config = replay_config(options_, false);
    while (receive_byte(channel)) {
      runtime::run_replay(body_, slot_->get(), config, workspace().block);
      if (!send_byte(channel, kDone)) return;
    }
  });
}

void Replayer::start_worker() {
  if (channel_ >= 0) close(channel_);
  channel_ = -1;
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return;
  for (int& end : ends) end = out_of_the_way(end);
  channel_ = ends[0];
  worker_.emplace(workspace(), settings_, [&] {
    close(ends[0]);
    serve(ends[1]);
  });
  close(ends[1]);
}

WorkerResult Replayer::replay(const schedule::Schedule& schedule) {
  slot_->put(schedule);
  clear(workspace());
  if (!worker_) start_worker();
  if (!worker_ || !send_byte(channel_, kGo)) {
    worker_.reset();
    return {WorkerEnd::failed, "a worker process for replays could not be reached"};
  }
  if (worker_->wait_for(channel_) && receive_byte(channel_)) return {WorkerEnd::returned, ""};
  while (worker_->wait_for()) continue;
  WorkerResult result = worker_->result();
  worker_.reset();
  // It left without being asked to.
  if (result.end == WorkerEnd::returned) result = {WorkerEnd::failed, "a worker process for replays left early"};
  return result;
}

}  // namespace racecourse::control
