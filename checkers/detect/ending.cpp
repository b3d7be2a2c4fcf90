#include <racecourse/checkers/detect/ending.h>
#include <racecourse/checkers/detect/finding.h>
#include <racecourse/checkers/report/stuck.h>
#include <racecourse/checkers/runtime/trace.h>

#include <cstdio>
#include <span>

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
    case Wait::mutex:
      what = "for a mutex";
      break;
    case Wait::condition:
      what = "to be notified";
      break;
    case Wait::rwlock_read:
      what = "to read-lock";
      break;
    case Wait::rwlock_write:
      what = "to write-lock";
      break;
    case Wait::semaphore:
      what = "for a semaphore";
      break;
    case Wait::barrier:
      what = "at a barrier";
      break;
    case Wait::futex:
      what = "for a change of an atomic";
      break;
    case Wait::join:
      what = "to join";
      break;
    case Wait::once:
      what = "for a call_once";
      break;
    case Wait::guard:
      what = "for a static's initialisation";
      break;
    default:
      break;
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

// All that are given, one after the other.
class WaitList {
 public:
  void add(const Fiber& fiber) {
    // The body waiting for the others to end says nothing about why they do not.
    if (first_ == nullptr || first_->wait == Wait::join) first_ = &fiber;
    place_ += fiber.wait_pc * 2 + 1;
    if (length_ + 64 > sizeof text_) return;
    if (length_ > 0) length_ += std::snprintf(text_ + length_, sizeof text_ - length_, "; ");
    length_ += describe_wait(fiber, text_ + length_, sizeof text_ - length_);
  }
  bool is_empty() const { return first_ == nullptr; }

  // The threads are the same ones whatever the order in which they came to wait.
  void report(Kind kind, const char* how) const {
    report::RawFinding* finding = add_finding(kind, first_->wait_pc, first_->wait_object, place_);
    if (finding == nullptr) return;
    finding->thread = first_->id;
    finding->stack = first_->frame;
    set_message(*finding, "%s: %s", how, text_);
  }

 private:
  const Fiber* first_ = nullptr;
  std::uint64_t place_ = 0;
  std::size_t length_ = 0;
  char text_[sizeof report::RawFinding::message] = "";
};

[[gnu::section("racecourse_state")]] constinit report::ThreadEnd ends[runtime::kMaxThreads] = {};

// While others go on, or are past their end: a `partial-deadlock`, if there is one. What T0 holds when the body returns
// is no proof: with a program's main() its threads end, and it may mean to keep them from what it holds.
bool some_are_stuck_for_good(const char* how) {
  const std::span threads(ends, rt.thread_count);
  for (std::size_t i = 0; i < threads.size(); ++i) threads[i] = runtime::thread_end(rt.fibers[i]);
  WaitList stuck;
  for (std::size_t i = 0; i < threads.size(); ++i)
    if (report::is_stuck_for_good(threads, static_cast<std::uint16_t>(i))) stuck.add(rt.fibers[i]);
  if (stuck.is_empty()) return false;
  stuck.report(Kind::partial_deadlock, how);
  return true;
}

}  // namespace

void everyone_is_stuck() {
  WaitList stuck;
  for (int i = 0; i < rt.thread_count; ++i)
    if (rt.fibers[i].state == ThreadState::blocked) stuck.add(rt.fibers[i]);
  stuck.report(Kind::deadlock, "every thread waits");
  runtime::end_execution();
}

namespace {

void report_endless_join(const Fiber& waiter, const Fiber& endless) {
  const auto steps = static_cast<unsigned long long>(rt.step_limit / 2);
  report::RawFinding* finding = add_finding(Kind::non_termination, waiter.wait_pc, waiter.wait_object, waiter.wait_pc);
  if (finding == nullptr) return;
  finding->thread = waiter.id;
  finding->other = endless.id;
  finding->stack = waiter.frame;
  set_message(*finding, "T%u waits for T%u to end, which has not ended after %llu steps under a fair schedule",
              waiter.id, endless.id, steps);
}

bool is_asleep(const Fiber& fiber) { return fiber.state == ThreadState::blocked && fiber.deadline == 0; }

// A join whose thread goes on for ever or, if asked for, one whose thread sleeps while others go on. A thread that
// itself waits for another to end is not the endless one.
void end_at_endless_join(bool sleeping) {
  for (int i = 0; i < rt.thread_count; ++i) {
    const Fiber& waiter = rt.fibers[i];
    if (waiter.state != ThreadState::blocked || waiter.wait != Wait::join || waiter.wait_thread == 0xffff) continue;
    const Fiber& endless = rt.fibers[waiter.wait_thread];
    if (is_asleep(endless) != sleeping || (sleeping && endless.wait == Wait::join)) continue;
    report_endless_join(waiter, endless);
    runtime::end_execution();
  }
}

}  // namespace

void never_ends(std::uint64_t pc) {
  const auto steps = static_cast<unsigned long long>(rt.step_limit / 2);
  if (some_are_stuck_for_good("others go on, and these wait for good")) runtime::end_execution();
  end_at_endless_join(false);
  bool all_idle = rt.enabled_count > 0 && rt.timed_count == 0;
  for (int i = 0; i < rt.enabled_count; ++i) all_idle &= rt.fibers[rt.enabled[i]].idle > 64;
  if (all_idle)
    runtime::fail(Kind::livelock, pc, nullptr,
                  "every thread that can run only spins: nothing changed in %llu steps under a fair schedule", steps);
  end_at_endless_join(true);
  runtime::fail(Kind::step_limit, pc, nullptr,
                "the execution has not ended after %llu steps under a fair schedule; raise max_steps if it should take "
                "that long",
                steps);
}

void body_returned() {
  some_are_stuck_for_good("the body returns, and these wait for good");
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
