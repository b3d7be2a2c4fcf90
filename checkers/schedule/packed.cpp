// Numbers as bytes, seven bits in each but for one that says that more follow; then six bits of them a character.
//
//   threads, segments, ticks * threads + thread of each, picks, and of each the distance of its ordinal and its value
#include <racecourse/checkers/schedule/packed.h>

#include <algorithm>
#include <cstdint>
#include <limits>

namespace racecourse::schedule {
namespace {

constexpr std::string_view kCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

class Writer {
 public:
  void number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) byte(static_cast<std::uint32_t>(value & 0x7f) | 0x80);
    byte(static_cast<std::uint32_t>(value));
  }
  std::string text() && {
    if (bits_ > 0) put(held_ << (6 - bits_));
    return std::move(text_);
  }

 private:
  void byte(std::uint32_t value) {
    held_ = held_ << 8 | value;
    for (bits_ += 8; bits_ >= 6;) put(held_ >> (bits_ -= 6));
    held_ &= (1u << bits_) - 1;
  }
  void put(std::uint32_t six) { text_ += kCharacters[six & 63]; }

  std::string text_;
  std::uint32_t held_ = 0;
  unsigned bits_ = 0;
};

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}
  bool failed() const { return failed_; }

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 63 && !failed_; shift += 7) {
      const std::uint64_t next = byte();
      value |= (next & 0x7f) << shift;
      if (next < 0x80) return value;
    }
    failed_ = true;
    return 0;
  }
  // One that fits into 32 bits.
  std::uint32_t word() {
    const std::uint64_t value = number();
    failed_ |= value > std::numeric_limits<std::uint32_t>::max();
    return static_cast<std::uint32_t>(value);
  }
  // How many things follow: not more than there are characters for.
  std::uint64_t count() {
    const std::uint64_t value = number();
    failed_ |= value > text_.size();
    return failed_ ? 0 : value;
  }

 private:
  std::uint32_t byte() {
    while (bits_ < 8) {
      const std::size_t six = at_ < text_.size() ? kCharacters.find(text_[at_++]) : std::string_view::npos;
      if (six == std::string_view::npos) {
        failed_ = true;
        return 0;
      }
      held_ = held_ << 6 | static_cast<std::uint32_t>(six);
      bits_ += 6;
    }
    const std::uint32_t value = held_ >> (bits_ -= 8);
    held_ &= (1u << bits_) - 1;
    return value;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t held_ = 0;
  unsigned bits_ = 0;
  bool failed_ = false;
};

}  // namespace

std::string packed(const Schedule& schedule) {
  std::uint64_t threads = 1;
  for (const Segment& segment : schedule.segments) threads = std::max(threads, std::uint64_t{segment.thread} + 1);
  Writer writer;
  writer.number(threads);
  writer.number(schedule.segments.size());
  for (const Segment& segment : schedule.segments) {
    // Numbers of threads beyond all reason would not fit.
    if (threads > 0xffff) {
      writer.number(segment.ticks);
      writer.number(segment.thread);
    } else {
      writer.number(segment.ticks * threads + segment.thread);
    }
  }
  writer.number(schedule.picks.size());
  std::uint32_t last = 0;
  for (const Pick& pick : schedule.picks) {
    writer.number(pick.ordinal - last);
    writer.number(pick.value);
    last = pick.ordinal;
  }
  return std::move(writer).text();
}

std::optional<Schedule> unpacked(std::string_view text) {
  Reader reader(text);
  Schedule schedule;
  const std::uint64_t threads = reader.number();
  if (threads == 0) return std::nullopt;
  for (std::uint64_t left = reader.count(); left > 0 && !reader.failed(); --left) {
    Segment segment;
    if (threads > 0xffff) {
      segment.ticks = reader.word();
      segment.thread = reader.word();
    } else {
      const std::uint64_t both = reader.number();
      if (both / threads > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
      segment = {static_cast<std::uint32_t>(both % threads), static_cast<std::uint32_t>(both / threads)};
    }
    schedule.segments.push_back(segment);
  }
  std::uint32_t last = 0;
  for (std::uint64_t left = reader.count(); left > 0 && !reader.failed(); --left) {
    const std::uint32_t ordinal = last + reader.word();
    schedule.picks.push_back({ordinal, reader.word()});
    last = ordinal;
  }
  // There is one spelling of each schedule; whatever else can be read so was not written by us.
  if (reader.failed() || packed(schedule) != text) return std::nullopt;
  return schedule;
}

}  // namespace racecourse::schedule
