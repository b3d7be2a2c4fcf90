#include <racecourse/checkers/detect/lock_order.h>
#include <racecourse/checkers/finding.h>
#include <racecourse/checkers/report/details.h>
#include <racecourse/checkers/report/paths.h>
#include <racecourse/checkers/report/race_sides.h>
#include <racecourse/checkers/report/text.h>

#include <algorithm>
#include <vector>

namespace racecourse::report {

namespace {

// Calls that lead to themselves: `length` frames from `start` on come `times` times more, without end as far as is
// shown.
struct Repetition {
  std::size_t start = 0;
  std::size_t length = 0;
  std::size_t times = 0;
};

bool is_same(const Place& a, const Place& b) {
  return a.line == b.line && a.function == b.function && a.file == b.file;
}

Repetition repetition(const std::vector<Place>& frames) {
  constexpr std::size_t kMostApart = 4;  // innermost calls that are no part of it
  constexpr std::size_t kLongest = 12;
  constexpr std::size_t kFewest = 4;
  for (std::size_t start = 0; start < kMostApart; start++) {
    for (std::size_t length = 1; length <= kLongest; length++) {
      std::size_t at = start + length;
      while (at < frames.size() && is_same(frames[at], frames[at - length])) at++;
      const std::size_t times = (at - start) / length - 1;
      if (at <= frames.size() && times >= kFewest && at + length > frames.size()) return {start, length, times};
    }
  }
  return {};
}

}  // namespace

void Details::line(std::size_t indent, const std::string& text) {
  std::string start(indent, ' ');
  for (const std::string& part : wrapped(text, kPageWidth - indent - 2)) {
    text_ += start + part + "\n";
    start.assign(indent + 2, ' ');
  }
}

void Details::call_stack(std::uint64_t pc, std::uint32_t stack) {
  std::vector<Place> frames = stacks_.frames(pc, stack);
  const Repetition repeated = repetition(frames);
  if (repeated.times > 0) frames.resize(repeated.start + repeated.length);
  std::size_t width = 0;
  for (const Place& frame : frames) width = std::max(width, where(frame).size());
  width = std::min<std::size_t>(width, kPageWidth / 2);
  for (const Place& frame : frames)
    text_ += clipped("    " + padded(where(frame), width) + "  " + frame.function, kPageWidth) + "\n";
  if (frames.empty()) text_ += "    (no source line known)\n";
  if (repeated.times > 0) {
    const std::string what =
        repeated.length == 1 ? "this call repeats" : "these " + std::to_string(repeated.length) + " calls repeat";
    const std::uint32_t depth = stack < trace_.frames.size() ? trace_.frames[stack].depth : 0;
    text_ += "    ... " + what + ", " + std::to_string(depth) + " calls deep\n";
  }
}

void Details::creation(std::uint16_t thread) {
  if (!introduced_.insert(thread).second) return;
  for (const Event& event : trace_.events) {
    if (event.op != Op::thread_create || event.value != thread) continue;
    const UserPlace& user = stacks_.user(event);
    std::string text = thread_title(trace_, thread) + " was started by " + thread_label(event.thread);
    if (user.place != nullptr) text += " at " + where(*user.place);
    line(2, text);
    return;
  }
}

void Details::race(std::size_t number) {
  const RawFinding& finding = trace_.findings[number];
  const RaceSides sides = race_sides(trace_, number);
  line(2, thread_title(trace_, finding.thread) + ": " + races_.near(number));
  if (finding.pc != 0)
    call_stack(finding.pc, finding.stack);
  else if (sides.near)
    call_stack(trace_.events[*sides.near].pc, trace_.events[*sides.near].stack);
  line(2, thread_title(trace_, finding.other) + ", earlier: " + races_.far(number));
  if (sides.far)
    call_stack(trace_.events[*sides.far].pc, trace_.events[*sides.far].stack);
  else
    line(4, "(not in the trace)");
  for (const std::string& reason : races_.reasons(number)) line(2, reason);
  creation(finding.thread);
  creation(finding.other);
}

void Details::stuck() {
  for (const std::uint16_t thread : waits_.stuck()) {
    line(2, waits_.sentence(thread));
    const Waits::Origin origin = waits_.origin(thread);
    call_stack(origin.pc, origin.stack);
    for (const std::string& text : waits_.details(thread)) line(4, text);
  }
  if (const std::string cycle = waits_.cycle(); !cycle.empty()) line(2, "cycle: " + cycle);
}

void Details::endless(std::uint16_t waiter, std::uint16_t thread) {
  if (waiter < trace_.threads.size() && trace_.threads[waiter].state == ThreadState::blocked) {
    line(2, waits_.sentence(waiter));
    const Waits::Origin origin = waits_.origin(waiter);
    call_stack(origin.pc, origin.stack);
  }
  if (thread == kNoThread) return;
  creation(thread);
  if (thread < trace_.threads.size() && trace_.threads[thread].state == ThreadState::blocked) {
    line(2, waits_.sentence(thread));
    for (const std::string& text : waits_.details(thread)) line(4, text);
  }
  if (waits_.finds_no_place(thread))
    line(2, thread_label(thread) +
                " has arrived at a std::barrier when all that it was made for had come; make it for as many as arrive");
  const std::vector<std::string> steps = waits_.last_steps(thread);
  if (steps.empty()) return;
  line(2, "what " + thread_label(thread) + " did last" +
              (waits_.only_looks(thread) ? ", which changes nothing that others see:" : ":"));
  for (const std::string& step : steps) line(4, step);
}

void Details::lock_order() {
  const std::vector<detect::LockCycle> cycles = detect::predict_deadlocks(trace_.events);
  if (cycles.empty()) return;
  for (const detect::LockWait& wait : cycles[0].waits) {
    const Event& wanted = trace_.events[wait.wanted_at];
    const UserPlace& taken = stacks_.user(trace_.events[wait.held_since]);
    line(2, thread_title(trace_, wait.thread) + " locks " + names_.of(wait.wants) + " while it holds " +
                names_.of(wait.holds) + (taken.place != nullptr ? ", locked at " + where(*taken.place) : ""));
    call_stack(wanted.pc, wanted.stack);
    creation(wait.thread);
  }
  line(2,
       "no lock that all of them hold, and nothing that one learns from another, keeps them apart: let all take "
       "these locks in one order");
}

std::string Details::of(std::size_t number) {
  text_.clear();
  const RawFinding& finding = trace_.findings[number];
  switch (static_cast<Kind>(finding.kind)) {
    case Kind::data_race:
      race(number);
      break;
    case Kind::deadlock:
    case Kind::partial_deadlock:
    case Kind::lost_wakeup:
    case Kind::hang:
      stuck();
      break;
    case Kind::lock_order:
      lock_order();
      break;
    case Kind::non_termination:
    case Kind::livelock:
    case Kind::step_limit:
      endless(finding.thread, finding.other);
      for (std::size_t thread = 0; thread < trace_.threads.size(); ++thread) {
        const bool runs = trace_.threads[thread].state == ThreadState::runnable;
        if (runs && thread != finding.other) endless(kNoThread, static_cast<std::uint16_t>(thread));
      }
      break;
    case Kind::use_after_free:
    case Kind::double_free:
    case Kind::heap_overflow:
    case Kind::leak:
      heap(number);
      break;
    default: {
      const Waits::Origin origin = messages_.origin(number);
      const std::string at = where(messages_.place(number));
      line(2, "in " + thread_title(trace_, finding.thread) + (at.empty() ? "" : " at " + at));
      if (!stacks_.frames(origin.pc, origin.stack).empty()) call_stack(origin.pc, origin.stack);
      if (finding.address != 0 && finding.other == kNoThread) {
        for (std::size_t thread = 0; thread < trace_.threads.size(); ++thread) {
          const auto holder = static_cast<std::uint16_t>(thread);
          if (const auto taken = waits_.acquisition(finding.address, holder)) {
            const UserPlace& user = stacks_.user(trace_.events[*taken]);
            line(2, thread_label(holder) + " holds " + names_.of(finding.address) +
                        (user.place != nullptr ? " since " + where(*user.place) : ""));
          }
        }
      }
      if (finding.thread != 0) creation(finding.thread);
      break;
    }
  }
  return std::move(text_);
}

}  // namespace racecourse::report
