// Threads and daemons, proved (T1 to T5).
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/thread/daemon_registry.h>
#include <racecourse/scenarios/catalogue.h>

#include <atomic>
#include <cassert>
#include <memory>
#include <stop_token>

namespace racecourse::catalogue {
namespace {

// A daemon that writes at most two lines: one that goes on until it is told has executions of any length.
void daemon_and_worker() {
  struct File {
    std::atomic<int> begun{0}, finished{0};
  };
  auto file = std::make_shared<File>();
  bool worked = false;
  {
    thread::DaemonRegistry program;
    program.start({.name = "logger", .daemon = true}, [file](std::stop_token stop) {
      for (int line = 0; line < 2 && !stop.stop_requested(); line++) {
        ++file->begun;
        ++file->finished;
      }
    });
    program.start({.name = "worker"}, [&](std::stop_token) { worked = true; });
  }
  assert(worked);
  assert(file->begun == file->finished);
}

const ProofRegistration proofs[] = {
    {"thread", "joining", proves("a thread joined by hand, one joined by its handle, one that destroys its handle")},
    {"thread", "daemon_registry", proves("a worker, and a daemon that writes at most two lines"), daemon_and_worker},
};

}  // namespace
}  // namespace racecourse::catalogue
