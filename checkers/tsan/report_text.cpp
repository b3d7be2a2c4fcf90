#include <racecourse/checkers/tsan/report_text.h>
#include <racecourse/checkers/tsan/stack_text.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace racecourse::tsan {
namespace {

constexpr std::string_view kWarning = "WARNING: ThreadSanitizer: ";

struct NamedKind {
  std::string_view name;
  Kind kind;
};

// By the start of the name, which comes without the "(pid=1)".
constexpr std::array kReports = {
    NamedKind{"data race", Kind::data_race},  // also "on vptr"
    NamedKind{"race on external object", Kind::data_race},
    NamedKind{"heap-use-after-free", Kind::use_after_free},
    NamedKind{"lock-order-inversion", Kind::lock_order},
    NamedKind{"double lock of a mutex", Kind::self_deadlock},
    NamedKind{"unlock of an unlocked mutex", Kind::mutex_misuse},
    NamedKind{"destroy of a locked mutex", Kind::mutex_misuse},
    NamedKind{"use of an invalid mutex", Kind::mutex_misuse},
    NamedKind{"read lock of a write locked mutex", Kind::mutex_misuse},
    NamedKind{"read unlock of a write locked mutex", Kind::mutex_misuse},
    NamedKind{"mutex held in the wrong context", Kind::mutex_misuse},
    NamedKind{"thread leak", Kind::thread_leak},
    NamedKind{"signal-unsafe call inside of a signal", Kind::sync_misuse},
    NamedKind{"signal handler spoils errno", Kind::sync_misuse},
};

// What follows "ERROR: ThreadSanitizer: " when the program crashed; see crash_name().
constexpr std::array kCrashes = {
    NamedKind{"SEGV", Kind::signal},
    NamedKind{"BUS", Kind::signal},
    NamedKind{"FPE", Kind::signal},
    NamedKind{"ILL", Kind::signal},
    NamedKind{"TRAP", Kind::signal},
    NamedKind{"stack-overflow", Kind::signal},
    NamedKind{"abort was called", Kind::abort},
};

template <std::size_t N>
std::optional<Kind> kind_of(std::string_view name, const std::array<NamedKind, N>& known) {
  const auto found =
      std::find_if(known.begin(), known.end(), [&](const NamedKind& k) { return name.starts_with(k.name); });
  return found == known.end() ? std::nullopt : std::optional(found->kind);
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// "data race (pid=12)" -> "data race"
std::string_view without_numbers(std::string_view text) { return text.substr(0, text.rfind(" (pid=")); }

// A title ("Write of size 4 at 0x7b04 by thread T2:") and the stack below it, if any.
struct Paragraph {
  std::string title;
  std::vector<StackFrame> stack;
};

struct Section {
  enum class What { warning, crash, position };
  What what;
  std::string name;
  std::vector<Paragraph> paragraphs;
};

// " (tid=12, running)" and "(pid=12)" differ from run to run and help nobody.
std::string cleaned_title(std::string_view line) {
  std::string title(line.substr(std::min(line.find_first_not_of(' '), line.size())));
  for (const std::string_view noise : {" (tid=", " (pid="}) {
    const std::size_t from = title.find(noise);
    const std::size_t to = from == std::string::npos ? from : title.find(')', from);
    if (to != std::string::npos) title.erase(from, to - from + 1);
  }
  return title;
}

bool worth_showing(std::string_view title) {
  // "Location is global '?'": of the stack's mapping. The notes of a crash speak of the processor.
  return !title.empty() && !contains(title, "'<null>'") && !contains(title, "'?") && !title.starts_with("=");
}

const StackFrame* place_of(const Paragraph& paragraph) { return users_frame(paragraph.stack); }

std::string text_of(const Section& section) {
  std::string text = section.name + "\n";
  for (const Paragraph& paragraph : section.paragraphs) {
    const std::vector<StackFrame> frames = shown_frames(paragraph.stack);
    // libstdc++.so, which creates threads, hides who asked it to.
    if (paragraph.title.starts_with("Thread T") && place_of(paragraph) == nullptr) continue;
    if (!paragraph.title.empty()) text += "  " + paragraph.title + "\n";
    for (const StackFrame& frame : frames) text += "    " + text_of(frame) + "\n";
  }
  return text;
}

std::string at(const StackFrame* frame) { return frame != nullptr ? " in " + text_of(*frame) : std::string(); }

// "Previous atomic write of size 8 at 0x7b04 by thread T1 (mutexes: write M0):" -> "atomic write by T1"
std::string side_of(const std::string& title) {
  const std::size_t end_of_access = title.find(" of size ");
  const std::size_t by = title.find(" by ");
  if (end_of_access == std::string::npos || by == std::string::npos) return title;
  std::string access = title.substr(0, end_of_access);
  if (access.starts_with("Previous ")) access.erase(0, 9);
  access[0] = static_cast<char>(access[0] | 0x20);
  std::string who = title.substr(by + 4);
  who.erase(std::min(who.find_first_of(":("), who.size()));
  while (who.ends_with(' ')) who.pop_back();
  if (who.starts_with("thread ")) who.erase(0, 7);
  return access + " by " + (who == "main thread" ? "T0" : who);
}

std::string message_of(const Section& section, Kind kind) {
  std::vector<const Paragraph*> accesses;
  std::string cycle;
  for (const Paragraph& paragraph : section.paragraphs) {
    if (contains(paragraph.title, " of size ") && contains(paragraph.title, " by ")) accesses.push_back(&paragraph);
    if (paragraph.title.starts_with("Cycle in lock order graph")) cycle = paragraph.title;
  }
  if ((kind == Kind::data_race || kind == Kind::use_after_free) && accesses.size() >= 2) {
    const char* relation = kind == Kind::data_race ? " races with " : " comes after the memory was freed: ";
    return side_of(accesses[0]->title) + at(place_of(*accesses[0])) + relation + side_of(accesses[1]->title) +
           at(place_of(*accesses[1]));
  }
  if (kind == Kind::lock_order && !cycle.empty()) {
    // "Cycle in lock order graph: M9 (0x7ffd) => M10 (0x7ffd) => M9"
    std::string order = cycle.substr(cycle.find(": ") + 2);
    for (std::size_t from; (from = order.find(" (0x")) != std::string::npos;)
      order.erase(from, order.find(')', from) - from + 1);
    return "mutexes are locked in a cycle, " + order + ", so that threads can wait for each other for ever";
  }
  const StackFrame* place = section.paragraphs.empty() ? nullptr : place_of(section.paragraphs.front());
  return section.name + at(place);
}

// "SEGV on unknown address 0x0 (pc 0x55 bp 0x7b sp 0x7f T12)": the part that a person can use.
std::string crash_name(std::string_view line) {
  if (line.starts_with("ABRT")) return "abort was called";
  return std::string(line.substr(0, line.find(" (pc")));
}

bool crash_of_runtime(const Section& section) {
  if (section.paragraphs.empty() || section.paragraphs.front().stack.empty()) return false;
  const std::vector<StackFrame>& stack = section.paragraphs.front().stack;
  const std::string& innermost = stack.front().function;
  return users_frame(stack) == nullptr && (innermost.starts_with("__tsan") || innermost.starts_with("__sanitizer"));
}

// Where things come from that took part: no place of what happened.
bool tells_of_past(std::string_view title) {
  return title.starts_with("Thread T") || title.starts_with("Mutex M") || title.starts_with("Location is") ||
         title.starts_with("As if synchronized");
}

Seen seen_of(const Section& section, Kind kind) {
  Seen seen;
  seen.kind = kind;
  seen.message = message_of(section, kind);
  seen.text = text_of(section);
  for (const Paragraph& paragraph : section.paragraphs) {
    if (tells_of_past(paragraph.title)) continue;
    seen.frames.insert(seen.frames.end(), paragraph.stack.begin(), paragraph.stack.end());
  }
  for (const Paragraph& paragraph : section.paragraphs) {
    const StackFrame* place = place_of(paragraph);
    if (place == nullptr) continue;
    seen.file = place->file;
    seen.line = place->line;
    break;
  }
  return seen;
}

Position position_of(const Section& section) {
  Position position;
  position.thread = section.name;
  position.text = text_of(section);
  if (section.paragraphs.empty()) return position;
  const StackFrame* place = place_of(section.paragraphs.front());
  if (place == nullptr) return position;
  position.place = text_of(*place);
  position.file = place->file;
  position.line = place->line;
  return position;
}

class Reader {
 public:
  void read(std::string_view line) {
    if (line.starts_with("=====")) {
      open_ = false;
    } else if (line.starts_with(kWarning)) {
      open(Section::What::warning, std::string(without_numbers(line.substr(kWarning.size()))));
    } else if (const std::size_t at = line.find("ERROR: ThreadSanitizer: "); at != std::string_view::npos) {
      open(Section::What::crash, crash_name(line.substr(at + 24)));
    } else if (line.starts_with(kPositionMark)) {
      open(Section::What::position, std::string(line.substr(kPositionMark.size() - 1)));
    } else if (contains(line, "ThreadSanitizer") && (contains(line, "FATAL") || contains(line, "CHECK failed") ||
                                                     contains(line, "failed to ") || contains(line, "nested bug"))) {
      if (problem.empty()) problem = "ThreadSanitizer itself failed: " + std::string(line);
      open_ = false;
    } else if (open_) {
      read_inside(line);
    }
  }

  std::vector<Section> sections;
  std::string problem;

 private:
  void open(Section::What what, std::string name) {
    sections.push_back({what, std::move(name), {}});
    open_ = true;
  }

  void read_inside(std::string_view line) {
    std::vector<Paragraph>& paragraphs = sections.back().paragraphs;
    if (std::optional<StackFrame> frame = read_frame(line)) {
      if (paragraphs.empty()) paragraphs.emplace_back();
      paragraphs.back().stack.push_back(std::move(*frame));
    } else if (std::string title = cleaned_title(line); line.starts_with("  ") && worth_showing(title)) {
      paragraphs.push_back({std::move(title), {}});
    }
  }

  bool open_ = false;
};

}  // namespace

ReportText read_report(std::string_view text) {
  Reader reader;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    reader.read(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }

  ReportText result;
  result.problem = std::move(reader.problem);
  for (const Section& section : reader.sections) {
    if (section.what == Section::What::position) {
      result.positions.push_back(position_of(section));
      continue;
    }
    const bool crash = section.what == Section::What::crash;
    const std::optional<Kind> kind = crash ? kind_of(section.name, kCrashes) : kind_of(section.name, kReports);
    result.deadly = result.deadly || crash;
    if (crash && crash_of_runtime(section)) {
      if (result.problem.empty()) result.problem = "ThreadSanitizer itself crashed: " + section.name;
    } else if (kind) {
      result.seen.push_back(seen_of(section, *kind));
    } else if (result.problem.empty()) {
      result.problem = "ThreadSanitizer reports what is not known here: " + section.name;
    }
  }
  return result;
}

}  // namespace racecourse::tsan
