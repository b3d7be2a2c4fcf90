#include <racecourse/checkers/report/value_text.h>

#include <bit>
#include <cstdio>

namespace racecourse::report {
namespace {

std::uint64_t low_bytes(std::uint64_t bits, std::uint8_t size) {
  return size >= 8 ? bits : bits & ((1ull << (8 * size)) - 1);
}

std::int64_t sign_extended(std::uint64_t bits, std::uint8_t size) {
  if (size >= 8 || size == 0) return static_cast<std::int64_t>(bits);
  const int unused = 64 - 8 * size;
  return static_cast<std::int64_t>(bits << unused) >> unused;
}

std::string floating(std::uint64_t bits, std::uint8_t size) {
  char text[40];
  const double number = size == 4 ? static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)))
                                  : std::bit_cast<double>(bits);
  std::snprintf(text, sizeof text, "%g", number);
  return text;
}

}  // namespace

std::string value_text(const ValueType& type, std::uint8_t size, std::uint64_t bits) {
  using Form = ValueType::Form;
  bits = low_bytes(bits, size);
  switch (type.form) {
    case Form::boolean:
      return bits == 0 ? "false" : "true";
    case Form::unsigned_integer:
      return std::to_string(bits);
    case Form::character:
      if (bits >= ' ' && bits <= '~') return std::string{'\'', static_cast<char>(bits), '\''};
      break;
    case Form::floating:
      if (size == 4 || size == 8) return floating(bits, size);
      break;
    case Form::enumeration:
      if (const auto name = type.enumerators.find(bits); name != type.enumerators.end()) return name->second;
      break;
    case Form::unknown:
      if (size == 1 && bits <= 1) return bits == 0 ? "false" : "true";
      break;
    default:
      break;
  }
  return std::to_string(sign_extended(bits, size));
}

std::string duration_text(std::uint64_t nanoseconds) {
  struct Unit {
    std::uint64_t size;
    const char* name;
  };
  for (const Unit unit : {Unit{1'000'000'000, " s"}, Unit{1'000'000, " ms"}, Unit{1'000, " us"}}) {
    if (nanoseconds < unit.size) continue;
    char text[40];
    std::snprintf(text, sizeof text, "%g%s", static_cast<double>(nanoseconds) / static_cast<double>(unit.size),
                  unit.name);
    return text;
  }
  return std::to_string(nanoseconds) + " ns";
}

}  // namespace racecourse::report
