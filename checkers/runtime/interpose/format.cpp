#include <racecourse/checkers/runtime/interpose/format.h>

#include <cstdint>
#include <cstring>

namespace racecourse::runtime {

bool FormatStrings::next() {
  for (;;) {
    at_ = std::strchr(at_, '%');
    if (at_ == nullptr) return false;
    ++at_;
    text_ = nullptr;
    if (!convert()) return false;
    if (text_ != nullptr) return true;
  }
}

std::size_t FormatStrings::size() const {
  if (precision_ < 0) return std::strlen(text_) + 1;
  const auto most = static_cast<std::size_t>(precision_);
  const std::size_t length = strnlen(text_, most);
  return length < most ? length + 1 : length;
}

int FormatStrings::number() {
  if (*at_ == '*') {
    ++at_;
    return va_arg(arguments_, int);
  }
  int value = 0;
  while (*at_ >= '0' && *at_ <= '9' && value < 100'000'000) value = 10 * value + (*at_++ - '0');
  return value;
}

bool FormatStrings::convert() {
  while (*at_ != '\0' && std::strchr("-+ #0'I", *at_) != nullptr) ++at_;
  number();  // the width
  precision_ = -1;
  if (*at_ == '.') {
    ++at_;
    precision_ = number();
  }
  char length = '\0';
  while (*at_ != '\0' && std::strchr("hlLqjzt", *at_) != nullptr) length = *at_++;
  const char conversion = *at_;
  if (conversion == '\0') return false;
  ++at_;
  if (conversion != 's' || length == 'l') return skip_argument(length, conversion);
  text_ = va_arg(arguments_, const char*);
  return true;
}

bool FormatStrings::skip_argument(char length, char conversion) {
  if (std::strchr("%m", conversion) != nullptr) return true;
  if (std::strchr("diouxXcCpnsS", conversion) != nullptr) {
    static_cast<void>(va_arg(arguments_, std::int64_t));  // a shorter one takes as much room
  } else if (std::strchr("aAeEfFgG", conversion) == nullptr) {
    return false;
  } else if (length == 'L') {
    static_cast<void>(va_arg(arguments_, long double));
  } else {
    static_cast<void>(va_arg(arguments_, double));
  }
  return true;
}

}  // namespace racecourse::runtime
