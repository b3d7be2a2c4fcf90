#include <racecourse/checkers/detect/ending.h>

#include <racecourse/checkers/detect/finding.h>

#include <cstdio>

namespace racecourse::detect {

using report::ThreadState;
using report::Wait;
using runtime::Fiber;
using runtime::rt;

namespace {

// "T1 for a mutex held by T2"
int describe_wait(const Fiber& fiber, char* out, std::size_t size) {
  const char* what = "for ever";
  switch (fiber.wait) {
    case Wait::mutex: what = "for a mutex"; break;
    case Wait::condition: what = "to be notified"; break;
    case Wait::rwlock_read: what = "to read-lock"; break;
    case Wait::rwlock_write: what = "to write-lock"; break;
    case Wait::semaphore: what = "for a semaphore"; break;
    case Wait::barrier: what = "at a barrier"; break;
    case Wait::futex: what = "for a change of an atomic"; break;
    case Wait::join: what = "to join"; break;
    case Wait::once: what = "for a call_once"; break;
    case Wait::guard: what = "for a static's initialisation"; break;
    default: break;
  }
  if (fiber.wait_thread != 0xffff && fiber.wait == Wait::join)
    return std::snprintf(out, size, "T%u waits to join T%u", fiber.id, fiber.wait_thread);
  if (fiber.wait_thread != 0xffff) {
    const bool gone = rt.fibers[fiber.wait_thread].state == ThreadState::ended;
    return std::snprintf(out, size, "T%u waits %s held by T%u%s", fiber.id, what, fiber.wait_thread,
                         gone ? ", which has ended" : "");
  }
  return std::snprintf(out, size, "T%u waits %s", fiber.id, what);
}

}  // namespace

void everyone_is_stuck() {
  char message[sizeof report::RawFinding::message];
  std::size_t length = 0;
  std::uint64_t place = 0;
  const Fiber* first = nullptr;
  for (int i = 0; i < rt.thread_count; ++i) {
    const Fiber& fiber = rt.fibers[i];
    if (fiber.state != ThreadState::blocked) continue;
    // The body waiting for the others to end says nothing about why they do not.
    if (first == nullptr || first->wait == Wait::join) first = &fiber;
    place += fiber.wait_pc * 2 + 1;
    if (length + 64 > sizeof message) continue;
    if (length > 0) length += std::snprintf(message + length, sizeof message - length, "; ");
    length += describe_wait(fiber, message + length, sizeof message - length);
  }
  if (report::RawFinding* finding = add_finding(Kind::deadlock, first->wait_pc, first->wait_object, place)) {
    finding->thread = first->id;
    finding->stack = first->frame;
    set_message(*finding, "every thread waits: %s", message);
  }
  runtime::end_execution();
}

void never_ends(std::uint64_t pc) {
  const auto steps = static_cast<unsigned long long>(rt.step_limit / 2);
  for (int i = 0; i < rt.thread_count; ++i) {
    const Fiber& waiter = rt.fibers[i];
    if (waiter.state != ThreadState::blocked || waiter.wait != Wait::join || waiter.wait_thread == 0xffff) continue;
    const Fiber& endless = rt.fibers[waiter.wait_thread];
    // A thread that itself waits for another to end is not the endless one.
    if (endless.state == ThreadState::blocked && endless.deadline == 0) continue;
    if (report::RawFinding* finding =
            add_finding(Kind::non_termination, waiter.wait_pc, waiter.wait_object, waiter.wait_pc)) {
      finding->thread = waiter.id;
      finding->other = endless.id;
      finding->stack = waiter.frame;
      set_message(*finding, "T%u waits for T%u to end, which has not ended after %llu steps under a fair schedule",
                  waiter.id, endless.id, steps);
    }
    runtime::end_execution();
  }
  bool all_idle = rt.enabled_count > 0 && rt.timed_count == 0;
  for (int i = 0; i < rt.enabled_count; ++i) all_idle &= rt.fibers[rt.enabled[i]].idle > 64;
  if (all_idle)
    runtime::fail(Kind::livelock, pc, nullptr,
                  "every thread that can run only spins: nothing changed in %llu steps under a fair schedule", steps);
  runtime::fail(Kind::step_limit, pc, nullptr,
                "the execution has not ended after %llu steps under a fair schedule; raise max_steps if it should take "
                "that long",
                steps);
}

void body_returned() {
  for (int i = 1; i < rt.thread_count; ++i) {
    const Fiber& fiber = rt.fibers[i];
    if (fiber.detached || fiber.joined || fiber.state == ThreadState::unused) continue;
    const bool ended = fiber.state == ThreadState::ended;
    if (report::RawFinding* finding = add_finding(Kind::thread_leak, fiber.wait_pc, nullptr, fiber.id)) {
      finding->other = fiber.id;
      set_message(*finding, "the body returned without joining or detaching T%u%s", fiber.id,
                  ended ? ", which has ended" : ", which still runs");
    }
  }
}

}  // namespace racecourse::detect
