// What scanf() and its kin have written: what a format says of the pointers that come with it.
//
//   for (ScanTargets targets(format, arguments, assigned); targets.next();) ... targets.begin(), targets.size() ...
#pragma once

#include <cstdarg>
#include <cstddef>
#include <cstdint>

namespace racecourse::runtime {

class ScanTargets {
 public:
  // After the call, which has returned `assigned`.
  ScanTargets(const char* format, va_list arguments, int assigned) : at_(format), left_(assigned) {
    va_copy(arguments_, arguments);
  }
  ~ScanTargets() { va_end(arguments_); }
  ScanTargets(const ScanTargets&) = delete;
  ScanTargets& operator=(const ScanTargets&) = delete;

  // Goes to the next that was written; false if there is none, or if it comes after something that is not understood,
  // such as arguments by number ("%2$d").
  bool next();
  const void* begin() const { return begin_; }
  std::size_t size() const { return size_; }

 private:
  // What stands between '%' and the conversion.
  struct Directive {
    bool discards;   // '*'
    bool allocates;  // 'm'
    int width;       // 0: none
    int length;      // of the letters: "hh" -2, "h" -1, "l", "ll" and the like 1, "L" 2
    char conversion;
  };
  Directive parse();
  void skip_set();
  // False if the call did not come so far.
  bool convert(const Directive& directive);
  std::size_t size_of(const Directive& directive) const;

  const char* at_;
  va_list arguments_;
  int left_;             // conversions that were assigned and are still to come
  bool reached_ = true;  // so far as is known, the call came to this place of the format
  const void* begin_ = nullptr;
  std::size_t size_ = 0;
};

// The accesses of the call that has returned `assigned`.
void scanned(const char* format, va_list arguments, int assigned, std::uint64_t pc);

}  // namespace racecourse::runtime
