// Tokens: a schedule in one line that survives a shell, a chat and a bug tracker.
//
//   r1:7f3a.1x1.2x2.1x2.p4:1.s2.q.f3:9a0c
//   version : checksum of all that follows it . segments . picks . spurious . quarantine . fingerprint
//   r1:c01d.zAwIDBQ.f3:9a0c, with the same packed
#include <racecourse/checkers/schedule/packed.h>
#include <racecourse/checkers/schedule/quarantine.h>
#include <racecourse/checkers/schedule/schedule.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace racecourse::schedule {
namespace {

constexpr std::string_view kVersion = "r1:";
constexpr std::size_t kChecksumDigits = 4;
// What a worker can record; anything longer was not made by to_token().
constexpr std::size_t kMaxSegments = 1u << 20;
constexpr std::size_t kMaxPicks = 1u << 16;
constexpr std::size_t kMaxLength = std::size_t{32} << 20;
// A list that is no longer is not packed, because it can be read.
constexpr std::size_t kReadable = 100;

// CRC-16/CCITT: catches every change of one or two bits and every burst of up to 16, which a sum would not.
std::uint16_t checksum(std::string_view text) {
  std::uint32_t crc = 0xFFFF;
  for (const char c : text) {
    crc ^= static_cast<std::uint32_t>(static_cast<unsigned char>(c)) << 8;
    for (int bit = 0; bit < 8; bit++) crc = (crc & 0x8000u) != 0 ? (crc << 1) ^ 0x1021u : crc << 1;
  }
  return static_cast<std::uint16_t>(crc);
}

std::string hex4(std::uint16_t value) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text(kChecksumDigits, '0');
  for (std::size_t i = 0; i < kChecksumDigits; i++) text[i] = kDigits[(value >> (12 - 4 * i)) & 15];
  return text;
}

void append(std::string& text, std::uint32_t number) {
  char digits[10];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  text.append(digits, end);
}

[[noreturn]] void bad(const std::string& what) { throw BadToken("bad token: " + what + "."); }

// Enough of a part to recognise it, without characters that would upset a terminal.
std::string quote(std::string_view part) {
  std::string text = "\"";
  for (const char c : part.substr(0, 24)) text += c >= ' ' && c <= '~' ? c : '?';
  return text + (part.size() > 24 ? "...\"" : "\"");
}

// "17", and only that spelling: no sign, no leading zero.
std::uint32_t number(std::string_view digits, std::string_view part) {
  std::uint32_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  if (error == std::errc::result_out_of_range) bad("a number in " + quote(part) + " is too large");
  if (error != std::errc() || stop != end || (digits.size() > 1 && digits[0] == '0')) {
    bad(quote(part) + " is neither a segment such as 1x20 nor a pick such as p4:1");
  }
  return value;
}

// "f3:9a0c".
void check_fingerprint(std::string_view part) {
  constexpr std::string_view kDecimal = "0123456789", kHexadecimal = "0123456789abcdef";
  const std::size_t colon = part.find(':');
  const std::string_view stride = part.substr(1, colon - 1);
  const bool well_formed = colon != std::string_view::npos && !stride.empty() && stride.size() <= 9 &&
                           stride[0] != '0' && stride.find_first_not_of(kDecimal) == std::string_view::npos &&
                           colon + 1 < part.size() &&
                           part.substr(colon + 1).find_first_not_of(kHexadecimal) == std::string_view::npos;
  if (!well_formed) bad(quote(part) + " is no fingerprint such as f3:9a0c");
}

void add_pick(const Pick& pick, Schedule& schedule) {
  if (schedule.picks.size() == kMaxPicks) bad("it has too many picks");
  if (!schedule.picks.empty() && schedule.picks.back().ordinal >= pick.ordinal) bad("its picks are not in order");
  schedule.picks.push_back(pick);
}

void read_part(std::string_view part, Schedule& schedule) {
  if (part == "q") return add_pick(kQuarantine, schedule);
  if (part.starts_with('s')) {
    const std::uint32_t occasion = number(part.substr(1), part);
    if (occasion >= kQuarantine.ordinal - kSpurious) bad("a number in " + quote(part) + " is too large");
    return add_pick({kSpurious + occasion, 1}, schedule);
  }
  const bool is_pick = part.starts_with('p');
  const std::string_view pair = part.substr(is_pick ? 1 : 0);
  const std::size_t middle = pair.find(is_pick ? ':' : 'x');
  if (middle == std::string_view::npos) bad(quote(part) + " is neither a segment such as 1x20 nor a pick such as p4:1");
  const std::uint32_t first = number(pair.substr(0, middle), part);
  const std::uint32_t second = number(pair.substr(middle + 1), part);
  if (is_pick) {
    add_pick({first, second}, schedule);
  } else {
    if (!schedule.picks.empty()) bad("a segment follows a pick");
    if (schedule.segments.size() == kMaxSegments) bad("it has too many segments");
    schedule.segments.push_back({first, second});
  }
}

}  // namespace

std::size_t switches(const Schedule& schedule) {
  std::size_t count = 0;
  for (std::size_t i = 1; i < schedule.segments.size(); i++) {
    if (schedule.segments[i].thread != schedule.segments[i - 1].thread) count++;
  }
  return count;
}

namespace {

std::string listed(const Schedule& schedule) {
  std::string rest;
  for (const Segment& segment : schedule.segments) {
    rest += '.';
    append(rest, segment.thread);
    rest += 'x';
    append(rest, segment.ticks);
  }
  for (const Pick& pick : schedule.picks) {
    if (pick == kQuarantine) {
      rest += ".q";
      continue;
    }
    if (pick.ordinal >= kSpurious && pick.value == 1) {
      rest += ".s";
      append(rest, pick.ordinal - kSpurious);
      continue;
    }
    rest += ".p";
    append(rest, pick.ordinal);
    rest += ':';
    append(rest, pick.value);
  }
  return rest;
}

}  // namespace

std::string to_token(const Schedule& schedule, std::string_view fingerprint) {
  std::string rest = listed(schedule);
  if (rest.size() > kReadable) {
    const std::string shorter = ".z" + packed(schedule);
    if (shorter.size() < rest.size()) rest = shorter;
  }
  if (!fingerprint.empty()) rest.append(".f").append(fingerprint);
  return std::string(kVersion) + hex4(checksum(rest)) + rest;
}

Schedule from_token(std::string_view token) {
  if (token.size() > kMaxLength) bad("it is longer than any schedule");
  if (!token.starts_with(kVersion)) bad("it does not begin with \"r1:\"");
  token.remove_prefix(kVersion.size());
  if (token.size() < kChecksumDigits) bad("it ends inside its checksum");
  const std::string_view sum = token.substr(0, kChecksumDigits);
  std::string_view rest = token.substr(kChecksumDigits);
  if (!rest.empty() && rest[0] != '.') bad("its checksum is not followed by a dot");
  if (sum != hex4(checksum(rest))) bad("its checksum does not match; a part of it is missing or was changed");

  Schedule schedule;
  bool packed_part = false;
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const std::size_t end = std::min(rest.find('.'), rest.size());
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(end);
    if (part.starts_with('f')) {
      check_fingerprint(part);
      if (!rest.empty()) bad("something follows the fingerprint");
    } else if (part.starts_with('z')) {
      if (!schedule.segments.empty() || !schedule.picks.empty()) bad("a packed part follows another");
      std::optional<Schedule> whole = unpacked(part.substr(1));
      if (!whole) bad(quote(part) + " is no packed schedule");
      if (whole->segments.size() > kMaxSegments) bad("it has too many segments");
      if (whole->picks.size() > kMaxPicks) bad("it has too many picks");
      schedule = std::move(*whole);
      packed_part = true;
    } else {
      if (packed_part) bad("something follows the packed part");
      read_part(part, schedule);
    }
  }
  return schedule;
}

std::string fingerprint_of(std::string_view token) {
  const std::size_t begin = token.rfind(".f");
  return begin == std::string_view::npos ? "" : std::string(token.substr(begin + 2));
}

}  // namespace racecourse::schedule
