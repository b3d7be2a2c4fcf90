#include <fmt/format.h>
#include <racecourse/checkers/report/fingerprint.h>
#include <racecourse/checkers/report/paths.h>
#include <racecourse/checkers/report/stacks.h>

#include <algorithm>
#include <charconv>
#include <unordered_map>
#include <vector>

namespace racecourse::report {
namespace {

constexpr std::size_t kMostDigits = 32;

// Hashes one event after the other; objects get their numbers on the way.
class Hash {
 public:
  void add(const Event& event) {
    const std::uint64_t object =
        event.address == 0 ? 0 : numbers_.try_emplace(event.address, numbers_.size() + 1).first->second;
    std::uint64_t word =
        object << 32 | std::uint64_t{event.thread} << 16 | static_cast<std::uint64_t>(event.op) << 8 | event.size;
    word = (word ^ state_) * 0x9E3779B97F4A7C15u;
    state_ = word ^ word >> 29;
  }
  char digit() const { return "0123456789abcdef"[state_ >> 60]; }

 private:
  std::uint64_t state_ = 1;
  std::unordered_map<std::uint64_t, std::uint64_t> numbers_;
};

// Their numbers. What a judge had to say in between is none: it depends on what it was asked.
std::vector<std::size_t> operations(const Trace& trace) {
  std::vector<std::size_t> numbers;
  for (std::size_t i = 0; i < trace.events.size(); i++) {
    if (trace.events[i].op != Op::finding) numbers.push_back(i);
  }
  return numbers;
}

// One digit after every `stride` operations, and one at the end for what is left.
std::string digits(const Trace& trace, const std::vector<std::size_t>& operations, std::size_t stride) {
  Hash hash;
  std::string text;
  for (std::size_t i = 0; i < operations.size(); i++) {
    hash.add(trace.events[operations[i]]);
    if ((i + 1) % stride == 0 || i + 1 == operations.size()) text += hash.digit();
  }
  return text;
}

}  // namespace

std::string fingerprint(const Trace& trace) {
  const std::vector<std::size_t> all = operations(trace);
  if (trace.truncated || all.empty()) return "";
  const std::size_t stride = (all.size() + kMostDigits - 1) / kMostDigits;
  return fmt::format("{}:{}", stride, digits(trace, all, stride));
}

std::optional<std::size_t> first_difference(const Trace& trace, std::string_view fingerprint) {
  const std::size_t colon = fingerprint.find(':');
  std::size_t stride = 0;
  if (colon == std::string_view::npos) return std::nullopt;
  std::from_chars(fingerprint.data(), fingerprint.data() + colon, stride);
  if (stride == 0) return std::nullopt;
  const std::string_view then = fingerprint.substr(colon + 1);
  const std::vector<std::size_t> all = operations(trace);
  const std::string now = digits(trace, all, stride);
  const auto [was, is] = std::ranges::mismatch(then, now);
  if (was == then.end() && is == now.end()) return std::nullopt;
  const std::size_t first = static_cast<std::size_t>(is - now.begin()) * stride;
  return first < all.size() ? all[first] : trace.events.size();
}

std::string name_of_event(const Trace& trace, std::size_t event) {
  if (event >= trace.events.size()) return "the end";
  const Event& named = trace.events[event];
  const auto of_its_thread = std::ranges::count(trace.events.first(event), named.thread, &Event::thread);
  std::string text = fmt::format("operation {} of {}", of_its_thread + 1, thread_label(named.thread));
  const auto symbols = process_symbols();
  Stacks stacks(trace, *symbols);
  for (std::size_t i = event; i < trace.events.size(); i++) {
    const Place* place = stacks.user(trace.events[i]).place;
    if (place == nullptr) continue;
    return text + (i == event ? " (" : " (before ") + short_where(*place) + ")";
  }
  return text;
}

}  // namespace racecourse::report
