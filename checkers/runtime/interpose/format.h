// The strings that printf() and its kin read: what a format says of the arguments that come with it.
//
//   for (FormatStrings strings(format, arguments); strings.next();) ... strings.text(), strings.size() ...
#pragma once

#include <cstdarg>
#include <cstddef>

// The body of a variadic function: hands its arguments on.
#define RC_FORWARD_ARGUMENTS(last, call) \
  va_list arguments;                     \
  va_start(arguments, last);             \
  const int result = call;               \
  va_end(arguments);                     \
  return result

namespace racecourse::runtime {

class FormatStrings {
 public:
  FormatStrings(const char* format, va_list arguments) : at_(format) { va_copy(arguments_, arguments); }
  ~FormatStrings() { va_end(arguments_); }
  FormatStrings(const FormatStrings&) = delete;
  FormatStrings& operator=(const FormatStrings&) = delete;

  // Goes to the next %s; false if there is none, or if it comes after something that is not understood, such as
  // arguments by number ("%2$s").
  bool next();
  const char* text() const { return text_; }
  // How many bytes of it are read: the precision ends a string that no zero ends.
  std::size_t size() const;

 private:
  // Reads the conversion that begins after a '%'; false if it is not understood.
  bool convert();
  int number();
  bool skip_argument(char length, char conversion);

  const char* at_;
  va_list arguments_;
  const char* text_ = nullptr;
  int precision_ = -1;  // none
};

}  // namespace racecourse::runtime
