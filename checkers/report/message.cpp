#include <racecourse/checkers/finding.h>
#include <racecourse/checkers/report/heap_story.h>
#include <racecourse/checkers/report/message.h>
#include <racecourse/checkers/report/paths.h>
#include <racecourse/checkers/report/text.h>

#include <cstring>
#include <string_view>

namespace racecourse::report {
namespace {

// The runtime does not know what objects are called: "locks a mutex that it already holds".
std::string with_name(std::string message, const std::string& name) {
  for (const std::string_view what : {"a mutex", "a condition variable", "a barrier", "a semaphore", "a latch", "a lock"}) {
    const std::size_t at = message.find(what);
    if (at == std::string::npos) continue;
    std::string text = name;
    std::size_t length = what.size();
    if (message.compare(at + length, 6, " that ") == 0) {
      text += ", which ";
      length += 6;
    }
    return message.replace(at, length, text);
  }
  return message;
}

}  // namespace

// "write of next_ by T1 after T2 freed it". A block that has no name in the source is called memory.
std::string Messages::with_memory_named(std::string message, std::uint64_t address) {
  constexpr std::string_view kMemory = " of memory ";
  const std::size_t at = message.find(kMemory);
  const std::string name = names_.of(address);
  if (at == std::string::npos || name.starts_with("heap block") || name.starts_with("memory ")) return message;
  return message.replace(at, kMemory.size(), " of " + name + " ");
}

std::string Messages::stuck_threads() {
  std::string text;
  for (const std::uint16_t thread : waits_.stuck()) {
    // Waiting for a stuck thread to end is a consequence.
    if (trace_.threads[thread].wait == Wait::join && !text.empty() && !waits_.in_cycle(thread)) continue;
    text += (text.empty() ? "" : "; ") + waits_.sentence(thread);
  }
  return text;
}

bool Messages::about_stuck_threads(Kind kind) {
  return kind == Kind::deadlock || kind == Kind::partial_deadlock || kind == Kind::lost_wakeup;
}

std::string Messages::sentence(std::size_t number) {
  const RawFinding& finding = trace_.findings[number];
  const std::string message = one_line({finding.message, strnlen(finding.message, sizeof finding.message)});
  const Kind kind = static_cast<Kind>(finding.kind);
  if (kind == Kind::data_race) return races_.sentence(number);
  if (about_stuck_threads(kind)) {
    if (std::string text = stuck_threads(); !text.empty()) return text;
  }
  if (message.empty()) return to_string(kind);
  if (kind == Kind::use_after_free || kind == Kind::heap_overflow) return with_memory_named(message, finding.address);
  return finding.address != 0 ? with_name(message, names_.of(finding.address)) : message;
}

Place Messages::place(std::size_t number) {
  const RawFinding& finding = trace_.findings[number];
  Place place;
  if (finding.file[0] != '\0') {
    place.file.assign(finding.file, strnlen(finding.file, sizeof finding.file));
    place.line = finding.line;
    return place;
  }
  const Waits::Origin from = origin(number);
  const UserPlace& user = stacks_.user(from.pc, from.stack);
  return user.place != nullptr ? *user.place : place;
}

Waits::Origin Messages::origin(std::size_t number) {
  const RawFinding& finding = trace_.findings[number];
  if (about_stuck_threads(static_cast<Kind>(finding.kind))) {
    if (const auto stuck = waits_.stuck(); !stuck.empty()) {
      return waits_.origin(stuck.front());
    }
  }
  // A lock that nobody gave back before it went: the line to look at is the one that took it.
  if (finding.pc == 0 && finding.address != 0) {
    if (const auto taken = waits_.acquisition(finding.address, finding.thread))
      return {trace_.events[*taken].pc, trace_.events[*taken].stack};
  }
  if (static_cast<Kind>(finding.kind) == Kind::leak) {
    const HeapStory story = heap_story(trace_, number);
    if (story.allocated) return {trace_.events[*story.allocated].pc, trace_.events[*story.allocated].stack};
  }
  const bool crash = static_cast<Kind>(finding.kind) == Kind::signal;
  if (!crash || stacks_.user(finding.pc, finding.stack).place != nullptr) return {finding.pc, finding.stack};
  // A bad address may be noticed while the value for the trace is fetched: then the access announced last is to blame.
  const Event* last = nullptr;
  for (const Event& event : trace_.events) {
    if (event.op == Op::finding && event.value == number) break;
    if (event.thread == finding.thread) last = &event;
  }
  if (last == nullptr) return {finding.pc, finding.stack};
  return {last->pc, last->stack};
}

std::string Messages::line(std::size_t number) {
  const Kind kind = static_cast<Kind>(trace_.findings[number].kind);
  const std::string cycle = about_stuck_threads(kind) ? waits_.cycle() : "";
  const std::string text = std::string(to_string(kind)) + ": " + (cycle.empty() ? sentence(number) : cycle);
  const std::string at = short_where(place(number));
  return at.empty() ? text : text + " (" + at + ")";
}

}  // namespace racecourse::report
