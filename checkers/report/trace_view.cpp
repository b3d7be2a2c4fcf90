#include <racecourse/checkers/report/trace_view.h>

#include <algorithm>
#include <cstring>

namespace racecourse::report {

Trace trace_of(const runtime::SharedBlock& shared) {
  const auto clip = [](std::uint32_t count, std::uint32_t most) { return std::size_t{std::min(count, most)}; };
  Trace trace;
  trace.events = {shared.events, clip(shared.event_count, runtime::kMaxEvents)};
  trace.frames = {shared.frames, clip(shared.frame_count, runtime::kMaxFrames)};
  trace.threads = {shared.threads, clip(shared.thread_count, runtime::kMaxThreads)};
  trace.findings = {shared.findings, clip(shared.finding_count, runtime::kMaxFindings)};
  trace.truncated = shared.event_count > runtime::kMaxEvents;
  return trace;
}

std::string thread_label(std::uint16_t thread) { return "T" + std::to_string(thread); }

std::string thread_title(const Trace& trace, std::uint16_t thread) {
  std::string title = thread_label(thread);
  if (thread >= trace.threads.size()) return title;
  const char* name = trace.threads[thread].name;
  const std::string text(name, strnlen(name, sizeof trace.threads[thread].name));
  return text.empty() ? title : title + " (" + text + ")";
}

bool is_memory(Op op) { return op >= Op::read && op <= Op::cas_failure; }

bool is_write(Op op) {
  return op == Op::write || op == Op::atomic_store || op == Op::atomic_rmw || op == Op::cas_success;
}

bool is_atomic(Op op) { return op >= Op::atomic_load && op <= Op::cas_failure; }

bool is_sync(Op op) {
  return (op >= Op::mutex_lock && op <= Op::barrier_passed) || (op >= Op::once_enter && op <= Op::guard_done);
}

bool falls_asleep(Op op) { return op == Op::cond_wait || op == Op::futex_wait; }

bool happened_for_no_reason(const Event& event) {
  switch (event.op) {
    case Op::cond_woken:
      return event.value != 0;
    case Op::futex_woken:
      return event.old_value != 0;
    case Op::cas_failure:
      return event.value_known != 0 && event.value == event.old_value;
    default:
      return false;
  }
}

}  // namespace racecourse::report
