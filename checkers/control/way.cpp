#include <racecourse/checkers/control/way.h>

#include <algorithm>
#include <span>

namespace racecourse::control {
namespace {

using report::Event;
using report::Op;

// A way with more turns is no help to anybody.
constexpr std::size_t kLongest = 600;

// Where the threads met, other things follow: whether a lock is found held, who is woken, how often a loop looks. So
// what a thread did is compared by the places in the code alone.
bool is_same(const Event& a, const Event& b) { return a.pc == b.pc && a.size == b.size; }

std::vector<std::vector<std::uint32_t>> events_by_thread(std::span<const Event> events) {
  std::vector<std::vector<std::uint32_t>> by_thread;
  for (std::uint32_t i = 0; i < events.size(); ++i) {
    if (events[i].op == Op::finding) continue;
    if (events[i].thread >= by_thread.size()) by_thread.resize(events[i].thread + std::size_t{1});
    by_thread[events[i].thread].push_back(i);
  }
  return by_thread;
}

}  // namespace

Way::Way(const SteeredRun& target, const std::vector<schedule::Pick>& picks)
    : target_(target), picks_(picks), by_thread_(events_by_thread(target.events)) {}

bool Way::reached(const SteeredRun& run) const {
  // The gravest comes last, since an execution ends with it.
  const std::uint8_t kind = target_.findings.back().kind;
  return std::ranges::any_of(run.findings, [&](const report::RawFinding& finding) { return finding.kind == kind; });
}

int Way::next_after(const SteeredRun& run) const {
  const auto done = events_by_thread(run.events);
  for (std::size_t thread = 0; thread < done.size(); ++thread) {
    const std::size_t there = thread < by_thread_.size() ? by_thread_[thread].size() : 0;
    for (std::size_t i = 0; i < std::min(done[thread].size(), there); ++i) {
      if (!is_same(run.events[done[thread][i]], target_.events[by_thread_[thread][i]])) return -1;
    }
  }
  std::uint32_t first = static_cast<std::uint32_t>(target_.events.size());
  int next = -1;
  for (std::uint32_t option = 0; option < run.outlook.option_count; ++option) {
    const std::uint16_t thread = run.outlook.options[option];
    const std::size_t count = thread < done.size() ? done[thread].size() : 0;
    if (thread >= by_thread_.size() || count >= by_thread_[thread].size()) continue;
    if (by_thread_[thread][count] >= first) continue;
    first = by_thread_[thread][count];
    next = thread;
  }
  return next;
}

std::vector<schedule::Decision> Way::from(std::vector<schedule::Decision> taken, const Run& run) const {
  const std::size_t begin = taken.size();
  for (std::size_t step = 0; step < kLongest; ++step) {
    const SteeredRun& here = run(taken);
    if (reached(here)) return {taken.begin() + static_cast<std::ptrdiff_t>(begin), taken.end()};
    if (here.over() || here.outlook.unfit) return {};
    const int next = next_after(here);
    if (next < 0) return {};
    taken.push_back({static_cast<std::uint16_t>(next), 0});
    if (run(taken).outlook.alternatives < 2) continue;
    // The finding's own answer, if this step asks the question that it answers: otherwise the first waiter is woken.
    for (const schedule::Pick& pick : picks_) {
      if (pick.ordinal != run(taken).outlook.first_question) continue;
      taken.back().answer = pick.value;
    }
  }
  return {};
}

}  // namespace racecourse::control
