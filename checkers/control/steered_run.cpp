#include <racecourse/checkers/control/replayer.h>
#include <racecourse/checkers/control/search_loop.h>
#include <racecourse/checkers/control/steered_run.h>
#include <racecourse/checkers/runtime/execution.h>
#include <sys/mman.h>

#include <cstdio>
#include <stdexcept>

namespace racecourse::control {
namespace {

template <typename T>
std::vector<T> copy_of(std::span<const T> span) {
  return {span.begin(), span.end()};
}

// What the worker left in the block.
SteeredRun take_run(const WorkerResult& worker) {
  SteeredRun run;
  if (worker.end == WorkerEnd::failed) {
    run.failure = worker.message;
    return run;
  }
  const runtime::SharedBlock& block = workspace().block;
  const report::Trace trace = report::trace_of(block);
  run.events = copy_of(trace.events);
  run.frames = copy_of(trace.frames);
  run.threads = copy_of(trace.threads);
  run.findings = copy_of(trace.findings);
  run.truncated = trace.truncated;
  run.schedule = take_schedule(block);
  return run;
}

}  // namespace

SteeredRunner::SteeredRunner(const std::function<void()>& body, const Options& options)
    : body_(body), options_(options) {
  void* memory = mmap(nullptr, sizeof *outlook_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::runtime_error("racecourse: cannot map memory to share with workers.");
  outlook_ = new (memory) schedule::Outlook;
}

SteeredRunner::~SteeredRunner() { munmap(outlook_, sizeof *outlook_); }

SteeredRun SteeredRunner::run(const std::vector<schedule::Decision>& decisions, schedule::Steered::After after) {
  runtime::ReplayConfig config;
  config.max_steps = options_.max_steps;
  config.race_check = options_.race_check;
  config.stop_at_race = options_.stop_at_race;
  config.watchdog_seconds = options_.watchdog_seconds;
  WorkerSettings settings;
  settings.watchdog_seconds = options_.watchdog_seconds;
  Workspace& space = workspace();
  std::fflush(nullptr);  // what is buffered must not be written by the worker as well
  const WorkerResult worker = run_worker(space, settings, [&] {
    runtime::on_worker_stack([&] {
      schedule::Steered strategy(decisions, after, *outlook_);
      runtime::run_steered(body_, strategy, config, space.block);
    });
  });
  SteeredRun run = take_run(worker);
  run.outlook = *outlook_;
  return run;
}

SteeredRun SteeredRunner::replay(const schedule::Schedule& schedule) {
  return take_run(replay_once(body_, options_, schedule, true));
}

}  // namespace racecourse::control
