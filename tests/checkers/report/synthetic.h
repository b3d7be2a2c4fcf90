// A made-up program and made-up traces of it, so that reports can be tested without debug information.
#pragma once

#include <racecourse/checkers/finding.h>
#include <racecourse/checkers/report/symbolize.h>
#include <racecourse/checkers/report/trace_view.h>

#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace racecourse::report {

// Code addresses are lines and columns of one file in disguise.
inline std::uint64_t at(int line, int column) {
  return (static_cast<std::uint64_t>(line) << 8 | static_cast<std::uint64_t>(column)) + 1;
}

class FakeSymbols final : public Symbols {
 public:
  explicit FakeSymbols(std::vector<std::string> lines) : lines_(std::move(lines)) {}

  std::string function = "Account::withdraw";
  std::map<std::uint64_t, DataSymbol> globals;          // by base
  std::map<std::string, ValueType, std::less<>> types;  // by variable

  // The column of `text` in `line`, as a return address.
  std::uint64_t pc(int line, std::string_view text) const {
    return at(line, static_cast<int>(lines_.at(static_cast<std::size_t>(line) - 1).find(text)) + 1);
  }

  const std::vector<Place>& code(std::uint64_t address) override {
    std::vector<Place>& places = places_[address];
    const int line = static_cast<int>(address >> 8);
    if (places.empty() && line >= 1 && static_cast<std::size_t>(line) <= lines_.size()) {
      Place place;
      place.function = function;
      place.file = "/src/bank/account.h";
      place.directory = "/src";
      place.line = line;
      place.column = static_cast<int>(address & 0xff);
      places.push_back(place);
    }
    return places;
  }

  std::optional<DataSymbol> data(std::uint64_t address) override {
    for (const auto& [base, symbol] : globals) {
      if (base <= address && address < base + symbol.size) return symbol;
    }
    return std::nullopt;
  }

  const std::string* source_line(const std::string&, int line) override {
    return line >= 1 && static_cast<std::size_t>(line) <= lines_.size() ? &lines_[static_cast<std::size_t>(line) - 1]
                                                                        : nullptr;
  }

  ValueType variable_type(std::uint64_t, std::string_view name, std::uint8_t) override {
    const auto type = types.find(name);
    return type != types.end() ? type->second : ValueType{};
  }

 private:
  std::vector<std::string> lines_;
  std::map<std::uint64_t, std::vector<Place>> places_;
};

// Builds a trace event by event; switches are noticed, their reason is the one given before.
class TraceBuilder {
 public:
  explicit TraceBuilder(std::size_t threads) : threads_(threads) {
    for (ThreadEnd& thread : threads_) {
      thread = ThreadEnd{};
      thread.state = ThreadState::ended;
      thread.wait_thread = kNoThread;
    }
  }

  Event& add(int thread, Op op, std::uint64_t address = 0, std::uint64_t value = 0, std::uint64_t pc = 0) {
    Event event{};
    event.thread = static_cast<std::uint16_t>(thread);
    event.op = op;
    event.address = address;
    event.value = value;
    event.pc = pc;
    event.size = is_memory(op) ? 4 : 0;
    event.order = 5;
    event.value_known = 1;
    event.tick = static_cast<std::uint32_t>(events_.size() + 1);
    if (!events_.empty() && events_.back().thread != event.thread)
      event.reason = std::exchange(why_, Switch::preempted);
    return events_.emplace_back(event);
  }
  void switch_by(Switch why) { why_ = why; }

  void begin_threads() {
    for (std::size_t i = 1; i < threads_.size(); ++i) add(0, Op::thread_create, 0, i);
  }

  RawFinding& found(Kind kind, int thread, std::string_view message = "") {
    RawFinding finding{};
    finding.kind = static_cast<std::uint8_t>(kind);
    finding.thread = static_cast<std::uint16_t>(thread);
    finding.other = kNoThread;
    std::snprintf(finding.message, sizeof finding.message, "%.*s", static_cast<int>(message.size()), message.data());
    add(thread, Op::finding, 0, findings_.size());
    finding.tick = events_.back().tick;
    return findings_.emplace_back(finding);
  }

  ThreadEnd& thread(std::size_t index) { return threads_[index]; }

  // Valid as long as nothing is added.
  Trace trace() const { return {events_, frames_, threads_, findings_, false}; }

 private:
  std::vector<Event> events_;
  std::vector<Frame> frames_{Frame{}};
  std::vector<ThreadEnd> threads_;
  std::vector<RawFinding> findings_;
  Switch why_ = Switch::preempted;
};

// The longest line but for the replay command, which must stay whole to be pasted.
inline std::size_t widest_line(const std::string& text) {
  std::size_t widest = 0;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    if (text.compare(start, 8, "replay: ") != 0) widest = std::max(widest, end - start);
    start = end + 1;
  }
  return widest;
}

}  // namespace racecourse::report
