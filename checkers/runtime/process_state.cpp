#include <errno.h>
#include <racecourse/checkers/runtime/loaded_libraries.h>
#include <racecourse/checkers/runtime/process_state.h>
#include <racecourse/checkers/runtime/runtime.h>
#include <signal.h>
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
constexpr int kDescriptors = 1024;

struct Kept {
  bool mask;
  bool directory;
  bool libraries;
  bool umask;
  bool many_opened;        // with numbers beyond those of `opened`
  std::uint64_t handlers;  // a bit for each signal
  std::uint64_t opened[kDescriptors / 64];
  Action handler_of[kSignals];
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

void close_opened() {
  for (int word = 0; word < kDescriptors / 64; ++word)
    for (; kept.opened[word] != 0; kept.opened[word] &= kept.opened[word] - 1)
      raw_syscall(SYS_close, word * 64 + __builtin_ctzll(kept.opened[word]));
  if (kept.many_opened) raw_syscall(SYS_close_range, kDescriptors, ~0u, 0);
  kept.many_opened = false;
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

int note_opened(int descriptor) {
  if (descriptor < 0) return descriptor;
  if (descriptor < kDescriptors) {
    kept.opened[descriptor / 64] |= std::uint64_t{1} << (descriptor % 64);
  } else {
    kept.many_opened = true;
  }
  process_changed = true;
  return descriptor;
}

void note_closed(int descriptor) {
  if (descriptor >= 0 && descriptor < kDescriptors)
    kept.opened[descriptor / 64] &= ~(std::uint64_t{1} << (descriptor % 64));
}

void note_named() { rt.shared->named = true; }

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
  if (kept.umask) raw_syscall(SYS_umask, kept.umask_before);
  kept.umask = false;
  if (kept.libraries) unload_libraries();
  kept.libraries = false;
  close_opened();
}

}  // namespace racecourse::runtime
