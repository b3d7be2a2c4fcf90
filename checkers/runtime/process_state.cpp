#include <errno.h>
#include <racecourse/checkers/runtime/descriptors.h>
#include <racecourse/checkers/runtime/fiber.h>
#include <racecourse/checkers/runtime/interpose/file_streams.h>
#include <racecourse/checkers/runtime/loaded_libraries.h>
#include <racecourse/checkers/runtime/process_state.h>
#include <racecourse/checkers/runtime/runtime.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>

namespace racecourse::runtime {

[[gnu::section("racecourse_state")]] bool process_changed = false;

namespace {

// As the kernel has it; the C library's own conversion is not needed.
struct Action {
  void* handler;
  unsigned long flags;
  void* restorer;
  unsigned long mask;
};
constexpr int kSignals = 65;
constexpr int kLimits = 16;

struct Kept {
  bool mask;
  bool directory;
  bool libraries;
  bool umask;
  bool descriptors;
  bool protection;
  std::uint32_t limits;    // a bit for each resource
  std::uint64_t handlers;  // a bit for each signal
  Action handler_of[kSignals];
  rlimit64 limit_of[kLimits];
  char directory_path[4096];
  unsigned umask_before;
};
[[gnu::section("racecourse_state")]] Kept kept = {};

template <class T>
long address(T* object) {
  return reinterpret_cast<long>(object);
}

void restore_handlers() {
  for (; kept.handlers != 0; kept.handlers &= kept.handlers - 1) {
    const int signal = __builtin_ctzll(kept.handlers) + 1;
    raw_syscall(SYS_rt_sigaction, signal, address(&kept.handler_of[signal]), 0, sizeof(unsigned long));
  }
}

// A hard limit that was lowered stays so where the process has no right to raise it.
void restore_limits() {
  for (; kept.limits != 0; kept.limits &= kept.limits - 1) {
    const int resource = __builtin_ctz(kept.limits);
    raw_syscall(SYS_prlimit64, 0, resource, address(&kept.limit_of[resource]), 0);
  }
}

}  // namespace

void keep_handler(int signal) {
  if (signal < 1 || signal >= kSignals || (kept.handlers >> (signal - 1) & 1) != 0) return;
  if (raw_syscall(SYS_rt_sigaction, signal, 0, address(&kept.handler_of[signal]), sizeof(unsigned long)) != 0) return;
  kept.handlers |= std::uint64_t{1} << (signal - 1);
  process_changed = true;
}

void keep_mask() { kept.mask = process_changed = true; }

void keep_directory() {
  if (kept.directory) return;
  kept.directory = raw_syscall(SYS_getcwd, address(kept.directory_path), sizeof kept.directory_path) > 0;
  process_changed = true;
}

void keep_libraries() {
  keep_loaded_libraries();
  kept.libraries = process_changed = true;
}

void note_umask(unsigned before) {
  if (kept.umask) return;
  kept.umask_before = before;
  kept.umask = process_changed = true;
}

void keep_limit(int resource) {
  if (resource < 0 || resource >= kLimits || (kept.limits >> resource & 1) != 0) return;
  if (raw_syscall(SYS_prlimit64, 0, resource, 0, address(&kept.limit_of[resource])) != 0) return;
  kept.limits |= std::uint32_t{1} << resource;
  process_changed = true;
}

void protection_changed() { kept.protection = process_changed = true; }

void descriptors_changed() { kept.descriptors = process_changed = true; }

void note_named() { rt.shared->named = true; }

void restore_protection() {
  if (!kept.protection) return;
  snapshot_open_hot();
  heap_open();
  open_stacks();
  kept.protection = false;
}

void restore_process() {
  process_changed = false;
  restore_handlers();
  if (kept.mask) {
    const unsigned long none = 0, all = ~0ul;  // none is blocked as a worker begins
    const timespec at_once{};
    while (raw_syscall(SYS_rt_sigtimedwait, address(&all), 0, address(&at_once), sizeof all) > 0) continue;
    raw_syscall(SYS_rt_sigprocmask, SIG_SETMASK, address(&none), 0, sizeof none);
    kept.mask = false;
  }
  if (kept.directory) {
    raw_syscall(SYS_chdir, address(kept.directory_path));
    kept.directory = false;
  }
  restore_protection();
  if (kept.umask) raw_syscall(SYS_umask, kept.umask_before);
  kept.umask = false;
  if (kept.libraries) unload_libraries();
  kept.libraries = false;
  restore_limits();  // what comes next may need them
  if (kept.descriptors) {
    close_left_streams();
    restore_descriptors();
  }
  kept.descriptors = false;
}

}  // namespace racecourse::runtime
