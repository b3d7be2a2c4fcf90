// A worker: a forked process in which the body may crash, exit or hang without harm to the test.
#pragma once

#include <racecourse/checkers/control/process.h>
#include <racecourse/checkers/control/watchdog.h>
#include <racecourse/checkers/control/workspace.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace racecourse::control {

enum class WorkerEnd : std::uint8_t {
  returned,  // the work came back
  died,      // the process ended inside an execution; the block holds the finding
  refused,   // the runtime cannot work in this process; run_worker() makes it `failed`, with the reason
  failed,    // no fault of the body: see `message`
};

struct WorkerResult {
  WorkerEnd end = WorkerEnd::returned;
  std::string message;
};

struct WorkerSettings {
  double watchdog_seconds = 2;
  int output = -1;                  // descriptor that takes the place of standard output; -1: nowhere
  int error_output = -1;            // the same for standard error
  std::function<void()> meanwhile;  // called about ten times a second while the worker runs
};

inline constexpr double kLookInterval = 0.1;  // seconds between two looks at a worker

// A running worker. The workspace must be clear, and no other worker may use it.
//
// The watchdog: a worker that makes no progress while it burns processor time, or sleeps in the kernel, for
// `watchdog_seconds` is sent SIGALRM. The runtime inside names the place and leaves. A worker that does not leave is
// killed, and the finding is made here.
class Worker {
 public:
  // Forks; `work` runs in the child. The settings are kept by reference.
  Worker(Workspace& space, const WorkerSettings& settings, const std::function<void()>& work);
  ~Worker();

  // Waits under the watchdog's eye. False when the worker has ended, true when `descriptor` can be read.
  bool wait_for(int descriptor = -1);
  // For those who wait for several at once: whether it has ended; a descriptor that can be read then (-1: there is
  // none); and a look by the watchdog, every kLookInterval.
  bool has_ended();
  int descriptor() const { return child_ ? child_->descriptor() : -1; }
  void look();
  // After the end: what it was, and a finding in the block if the body was the cause.
  WorkerResult result();
  // After the end: somebody sent it SIGKILL or a signal that asks to end, and it was not the watchdog.
  bool was_killed() const;

 private:
  Workspace& space_;
  const WorkerSettings& settings_;
  std::optional<Child> child_;
  std::string start_failure_;
  Watchdog watchdog_;
  struct Stopped {
    double alarmed = 0;  // when
    bool killed = false;
    bool asleep = false;
    long system_call = -1;
  };
  Stopped stopped_;
};

// Why a worker `refused`: asks another one, which clears the workspace.
std::string reason_to_refuse(Workspace& space, const WorkerSettings& settings, const std::function<void()>& work);

// Clears the workspace, runs `work` in a worker and waits for its end.
WorkerResult run_worker(Workspace& space, const WorkerSettings& settings, const std::function<void()>& work);

}  // namespace racecourse::control
