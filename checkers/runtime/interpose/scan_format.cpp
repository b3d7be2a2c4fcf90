#include <racecourse/checkers/runtime/interpose/filled.h>
#include <racecourse/checkers/runtime/interpose/scan_format.h>

#include <cctype>
#include <cstring>
#include <cwchar>

namespace racecourse::runtime {

bool ScanTargets::next() {
  for (begin_ = nullptr; begin_ == nullptr;) {
    const char letter = *at_++;
    if (letter == '\0') return false;
    if (letter == '%' && *at_ != '%') {
      if (!convert(parse())) return false;
    } else if (std::isspace(static_cast<unsigned char>(letter)) == 0) {
      at_ += letter == '%';
      reached_ = false;  // the input may hold something else here
    }
  }
  return true;
}

ScanTargets::Directive ScanTargets::parse() {
  Directive directive = {};
  for (; *at_ != '\0' && std::strchr("*'I", *at_) != nullptr; ++at_) directive.discards |= *at_ == '*';
  for (; *at_ >= '0' && *at_ <= '9' && directive.width < 100'000'000; ++at_)
    directive.width = 10 * directive.width + (*at_ - '0');
  if (*at_ == 'm') {
    directive.allocates = true;
    ++at_;
  }
  for (; *at_ != '\0' && std::strchr("hlLqjzt", *at_) != nullptr; ++at_)
    directive.length = *at_ == 'h' ? directive.length - 1 : *at_ == 'L' ? 2 : 1;
  directive.conversion = *at_;
  if (*at_ != '\0') ++at_;
  if (directive.conversion == '[') skip_set();
  return directive;
}

// A ']' that comes first is one of the letters.
void ScanTargets::skip_set() {
  if (*at_ == '^') ++at_;
  if (*at_ == ']') ++at_;
  while (*at_ != '\0' && *at_ != ']') ++at_;
  if (*at_ != '\0') ++at_;
}

bool ScanTargets::convert(const Directive& directive) {
  const char conversion = directive.conversion;
  if (conversion == '\0' || std::strchr("diouxXpaAeEfFgGcCsS[n", conversion) == nullptr) return false;
  if (directive.discards) {
    reached_ = false;
    return true;
  }
  const void* target = va_arg(arguments_, void*);
  if (conversion == 'n') {
    // It counts as no assignment. Whether the letters before it were found is known if something came after them.
    if (left_ <= 0 && !(left_ == 0 && reached_)) return true;
  } else {
    if (left_ <= 0) return false;
    --left_;
    reached_ = true;
  }
  begin_ = target;
  size_ = size_of(directive);
  return true;
}

std::size_t ScanTargets::size_of(const Directive& directive) const {
  if (directive.allocates) return sizeof(char*);
  const char conversion = directive.conversion;
  const bool wide = directive.length > 0 || conversion == 'C' || conversion == 'S';
  const std::size_t letter = wide ? sizeof(wchar_t) : 1;
  switch (conversion) {
    case 'c':
    case 'C':
      // The last one may have found the end of the input after its first letter.
      return left_ > 0 && directive.width > 1 ? static_cast<std::size_t>(directive.width) * letter : letter;
    case 's':
    case 'S':
    case '[':
      return (wide ? std::wcslen(static_cast<const wchar_t*>(begin_)) : std::strlen(static_cast<const char*>(begin_))) *
                 letter +
             letter;
    case 'p':
      return sizeof(void*);
    default:
      break;
  }
  const bool fraction = std::strchr("aAeEfFgG", conversion) != nullptr;
  switch (directive.length) {
    case -2:
      return sizeof(signed char);
    case -1:
      return sizeof(short);
    case 0:
      return fraction ? sizeof(float) : sizeof(int);
    case 2:
      return fraction ? sizeof(long double) : sizeof(long long);
    default:
      return fraction ? sizeof(double) : sizeof(long);
  }
}

void scanned(const char* format, va_list arguments, int assigned, std::uint64_t pc) {
  if (!controlled()) return;
  for (ScanTargets targets(format, arguments, assigned); targets.next();) filled(targets.begin(), targets.size(), pc);
}

}  // namespace racecourse::runtime
