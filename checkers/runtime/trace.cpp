// Recording what happened, while a finding is replayed. In a search none of this runs.
#include <racecourse/checkers/detect/lock_nesting.h>
#include <racecourse/checkers/detect/race_place.h>
#include <racecourse/checkers/runtime/effects.h>
#include <racecourse/checkers/runtime/executable.h>
#include <racecourse/checkers/runtime/runtime.h>
#include <racecourse/checkers/runtime/trace.h>
#include <unwind.h>

#include <cstring>

#define RC_ABI extern "C" __attribute__((visibility("default")))

namespace racecourse::runtime {

namespace {

struct Unwinding {
  std::uint64_t from;
  bool passed_from;
  std::uint64_t found;
};

_Unwind_Reason_Code visit_frame(_Unwind_Context* context, void* argument) {
  auto& unwinding = *static_cast<Unwinding*>(argument);
  const std::uint64_t pc = _Unwind_GetIP(context);
  if (pc == unwinding.from) unwinding.passed_from = true;
  if (!unwinding.passed_from || !in_executable(pc)) return _URC_NO_REASON;
  unwinding.found = pc;
  return _URC_END_OF_STACK;
}

// A call that came through a library (std::thread::join) returns there; the reader wants the line that called it. The
// chain of traced frames does not hold that line, for the library is not instrumented: unwind.
std::uint64_t user_pc(std::uint64_t pc) {
  if (pc == 0 || in_executable(pc)) return pc;
  Unwinding unwinding{pc, false, pc};
  ++rt.ignore;  // the unwinder calls functions that we interpose
  _Unwind_Backtrace(visit_frame, &unwinding);
  --rt.ignore;
  return unwinding.found;
}

void mix(std::uint64_t value) {
  rt.shared->trace_hash = (rt.shared->trace_hash ^ value) * 0x9E3779B97F4A7C15u;
  rt.shared->trace_hash ^= rt.shared->trace_hash >> 29;
}

}  // namespace

// A plain access is announced before it happens; the value that it read or wrote is what memory holds when the next
// event is announced, since nothing else ran between.
void complete_pending_event() {
  if (rt.pending_event == 0) return;
  report::Event& event = rt.shared->events[rt.pending_event - 1];
  rt.pending_event = 0;
  if (event.size > 8) return;
  std::memcpy(&event.value, reinterpret_cast<const void*>(event.address), event.size);
  event.value_known = 1;
}

void begin_trace() {
  SharedBlock& shared = *rt.shared;
  shared.event_count = 0;
  shared.frame_count = 1;  // frame 0 is "no frame"
  shared.trace_hash = 0;
  rt.pending_event = 0;
  rt.last_traced = 0xffff;
  detect::reset_places();
}

void event_slow(Op op, const void* object, std::uint64_t pc, std::uint64_t value, std::uint64_t old_value,
                std::uint8_t size, std::uint8_t order) {
  if (!rt.executing) return;
  if (rt.recording || rt.noted != nullptr) record_effects(op, object, pc, value, old_value, size);
  if (detect::lock_nesting != nullptr && rt.noted != nullptr)
    detect::lock_nesting->event(self().id, op, reinterpret_cast<std::uint64_t>(object), value, old_value, order != 0);
  if (!rt.tracing) return;
  // A race is found between the announcement of an access and the access.
  if (op != Op::finding) complete_pending_event();
  SharedBlock& shared = *rt.shared;
  Fiber& fiber = self();
  pc = user_pc(pc);
  if (op != Op::finding) fiber.last_pc = pc;
  mix(rt.tick << 16 | static_cast<std::uint64_t>(op) << 8 | fiber.id);
  const std::uint32_t index = shared.event_count++;
  if (index >= kMaxEvents) return;
  report::Event& event = shared.events[index];
  event = report::Event{};
  event.address = reinterpret_cast<std::uint64_t>(object);
  event.value = value;
  event.old_value = old_value;
  event.pc = pc;
  event.stack = fiber.frame;
  event.tick = static_cast<std::uint32_t>(rt.tick);
  event.thread = fiber.id;
  event.op = op;
  event.size = size;
  event.order = order;
  event.value_known = 1;
  if (fiber.id != rt.last_traced) {
    event.reason = rt.switch_reason;
    rt.last_traced = fiber.id;
  }
  if (op == Op::read || op == Op::write) {
    event.value_known = 0;
    rt.pending_event = index + 1;
  }
}

report::ThreadEnd thread_end(const Fiber& fiber) {
  report::ThreadEnd end{};
  end.state = fiber.state;
  end.wait = fiber.wait;
  end.parent = fiber.parent;
  end.wait_thread = fiber.wait_thread;
  end.has_deadline = fiber.deadline != 0;
  end.wait_object = reinterpret_cast<std::uint64_t>(fiber.wait_object);
  end.wait_value = fiber.wait_value;
  // The event before the wait knows the user's line, if the call came through a library.
  end.wait_pc = in_executable(fiber.wait_pc) ? fiber.wait_pc : fiber.last_pc;
  end.wait_stack = fiber.frame;
  end.create_stack = fiber.create_stack;
  std::memcpy(end.name, fiber.name, sizeof end.name);
  return end;
}

void widen_access(const void* address, std::size_t size, bool write, std::uint64_t pc) {
  constexpr std::uint32_t kLookedAt = 4;  // a call announces two at most, and either may have raced
  SharedBlock& shared = *rt.shared;
  const Op op = write ? Op::write : Op::read;
  const auto short_size = static_cast<std::uint8_t>(size < 255 ? size : 255);
  if (shared.event_count > kMaxEvents) return;
  for (std::uint32_t i = shared.event_count; i > 0 && shared.event_count - i < kLookedAt; --i) {
    report::Event& seen = shared.events[i - 1];
    if (seen.op != op || seen.thread != self().id || seen.address != reinterpret_cast<std::uint64_t>(address)) continue;
    if (size <= 1) return;
    // Bytes of a string are no number.
    if (rt.pending_event == i) rt.pending_event = 0;
    seen.size = short_size;
    seen.value = size;
    seen.value_known = 0;
    return;
  }
  event(op, address, pc, size, 0, short_size);
  rt.pending_event = 0;
}

void end_trace() {
  complete_pending_event();
  SharedBlock& shared = *rt.shared;
  shared.thread_count = rt.thread_count;
  for (int i = 0; i < rt.thread_count; ++i) shared.threads[i] = thread_end(rt.fibers[i]);
}

}  // namespace racecourse::runtime

using racecourse::runtime::kMaxFrames;
using racecourse::runtime::rt;

// The call stack of a fiber is a chain of frames, shared between events.
RC_ABI void __tsan_func_entry(void* return_address) {
  if (RC_LIKELY(!rt.tracing) || !rt.executing) return;
  racecourse::runtime::Fiber& fiber = racecourse::runtime::self();
  racecourse::runtime::SharedBlock& shared = *rt.shared;
  if (shared.frame_count >= kMaxFrames) {
    ++fiber.lost_frames;
    return;
  }
  const std::uint32_t parent = fiber.frame;
  shared.frames[shared.frame_count] = {reinterpret_cast<std::uint64_t>(return_address), parent,
                                       shared.frames[parent].depth + 1};
  fiber.frame = shared.frame_count++;
}

RC_ABI void __tsan_func_exit() {
  if (RC_LIKELY(!rt.tracing) || !rt.executing) return;
  racecourse::runtime::Fiber& fiber = racecourse::runtime::self();
  if (fiber.lost_frames > 0)
    --fiber.lost_frames;
  else
    fiber.frame = rt.shared->frames[fiber.frame].parent;
}
