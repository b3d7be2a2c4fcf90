#include <racecourse/checkers/detect/lost_wakeup.h>
#include <racecourse/checkers/finding.h>
#include <racecourse/checkers/report/missed_wakeup.h>
#include <racecourse/checkers/runtime/runtime.h>

#include <algorithm>

namespace racecourse::detect {

using runtime::rt;
using runtime::SharedBlock;

namespace {

template <class Block>
auto deadlock_in(Block& block) -> decltype(&block.findings[0]) {
  const std::uint32_t count = std::min(block.finding_count, runtime::kMaxFindings);
  for (std::uint32_t i = 0; i < count; ++i)
    if (block.findings[i].kind == static_cast<std::uint8_t>(Kind::deadlock)) return &block.findings[i];
  return nullptr;
}

bool sleeps(const runtime::Fiber& fiber) {
  return fiber.state == report::ThreadState::blocked &&
         (fiber.wait == report::Wait::condition || fiber.wait == report::Wait::futex);
}

}  // namespace

bool may_be_lost_wakeup(const SharedBlock& block) {
  if (block.finding_count == 0 || deadlock_in(block) == nullptr) return false;
  return std::any_of(rt.fibers, rt.fibers + rt.thread_count, sleeps);
}

void judge_lost_wakeup(SharedBlock& block) {
  report::RawFinding* finding = deadlock_in(block);
  if (finding == nullptr) return;
  const report::Trace trace = report::trace_of(block);
  for (std::uint16_t thread = 0; thread < trace.threads.size(); ++thread) {
    const auto missed = report::missed_wakeup(trace, thread);
    if (!missed) continue;
    finding->kind = static_cast<std::uint8_t>(Kind::lost_wakeup);
    finding->thread = thread;
    finding->other = trace.events[missed->notify].thread;
    finding->address = trace.threads[thread].wait_object;
    return;
  }
}

}  // namespace racecourse::detect
