#include <fmt/format.h>
#include <racecourse/checkers/report/describe.h>
#include <racecourse/checkers/report/lifetimes.h>
#include <racecourse/checkers/report/names.h>
#include <racecourse/checkers/report/side_by_side.h>
#include <racecourse/checkers/report/stacks.h>
#include <racecourse/checkers/report/symbolize.h>
#include <racecourse/checkers/report/text.h>

#include <algorithm>
#include <numeric>
#include <unordered_map>

namespace racecourse::report {
namespace {

// An execution that is longer is compared as far as that.
constexpr std::size_t kMostLines = 5'000;
constexpr std::size_t kBefore = 3, kBehind = 4;
constexpr std::size_t kThread = 5, kWhat = 32;

// Addresses of the executable are the same in every process, and below this. Those of the heap are the same, too, but
// not those of libraries and of the program's own stack.
constexpr std::uint64_t kMaybeAddress = std::uint64_t{1} << 32;

class Keys {
 public:
  std::string of(const Event& event) {
    const std::size_t object =
        event.address == 0 ? 0 : numbers_.try_emplace(event.address, numbers_.size() + 1).first->second;
    const std::uint64_t value = event.value_known && event.value < kMaybeAddress ? event.value : 0;
    return fmt::format("{} {} {} {} {}", event.thread, static_cast<int>(event.op), event.size, object, value);
  }

 private:
  std::unordered_map<std::uint64_t, std::size_t> numbers_;  // of objects, by their first appearance
};

}  // namespace

std::vector<EventLine> event_lines(const Trace& trace) {
  const std::size_t count = std::min(trace.events.size(), kMostLines);
  std::vector<std::uint32_t> all(count);
  std::iota(all.begin(), all.end(), 0u);
  const auto symbols = process_symbols();
  const Lifetimes lifetimes(trace);
  Stacks stacks(trace, *symbols);
  Names names(trace, lifetimes, stacks, *symbols, all);
  Describer describer(trace, names, stacks, *symbols);
  Keys keys;
  std::vector<EventLine> lines;
  for (const Event& event : trace.events.first(count)) {
    if (event.op == Op::finding) continue;
    const Cell cell = describer.cell(event);
    std::string line = padded(thread_label(event.thread), kThread) +
                       padded(cell.verb + cell.object + cell.value, kWhat) + " " + describer.place(event);
    line.erase(line.find_last_not_of(' ') + 1);
    lines.push_back({keys.of(event), std::move(line)});
  }
  if (count == trace.events.size() && !trace.truncated) lines.push_back({"", "the end"});
  return lines;
}

std::string side_by_side(const std::vector<EventLine>& left, const std::string& left_title,
                         const std::vector<EventLine>& right, const std::string& right_title) {
  const auto first = static_cast<std::size_t>(
      std::ranges::mismatch(left, right, {}, &EventLine::key, &EventLine::key).in1 - left.begin());
  if (first == left.size() || first == right.size()) return "";
  const std::size_t from = first > kBefore ? first - kBefore : 0;
  const std::size_t to = std::min(std::max(left.size(), right.size()), first + kBehind);
  const auto at = [](const std::vector<EventLine>& lines, std::size_t i) {
    return i < lines.size() ? lines[i].text : std::string();
  };
  std::size_t width = left_title.size();
  for (std::size_t i = from; i < to; ++i) width = std::max(width, at(left, i).size());
  std::string text = "  " + padded(left_title, width) + " | " + right_title + "\n";
  for (std::size_t i = from; i < to; ++i)
    text += (i == first ? "! " : "  ") + padded(at(left, i), width) + " | " + at(right, i) + "\n";
  return text;
}

}  // namespace racecourse::report
