// Replays schedules in worker processes.
#pragma once

#include <racecourse/checkers/control/worker.h>
#include <racecourse/checkers/explore.h>
#include <racecourse/checkers/schedule/schedule.h>

#include <functional>
#include <optional>

namespace racecourse::control {

// One replay in a worker of its own; afterwards the workspace's block describes the execution. With `trace` it holds
// the events too; the body's output goes to the descriptor `output` (-1: nowhere).
WorkerResult replay_once(const std::function<void()>& body, const Options& options, const schedule::Schedule& schedule,
                         bool trace, int output = -1);

// Many replays: a worker that survives a replay is given the next one.
class Replayer {
 public:
  // Keeps references to both.
  Replayer(const std::function<void()>& body, const Options& options);
  ~Replayer();
  Replayer(const Replayer&) = delete;
  Replayer& operator=(const Replayer&) = delete;

  // Afterwards the workspace's block describes the execution.
  WorkerResult replay(const schedule::Schedule& schedule);

 private:
  struct Slot;  // shared memory in which a worker finds its next schedule

  void start_worker();
  void serve(int channel);

  const std::function<void()>& body_;
  const Options& options_;
  WorkerSettings settings_;
  Slot* slot_;
  int channel_ = -1;  // to the running worker
  std::optional<Worker> worker_;
};

}  // namespace racecourse::control
