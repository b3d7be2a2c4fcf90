// fcntl(): a duplicate is closed after the execution.
#include <fcntl.h>
#include <racecourse/checkers/runtime/descriptors.h>
#include <racecourse/checkers/runtime/interpose/files.h>
#include <racecourse/checkers/runtime/interpose/timer_descriptor.h>

#include <cstdarg>

RC_DECLARE_ORIGINAL(fcntl)

namespace racecourse::runtime {
namespace {

int control(int descriptor, int command, void* argument, std::uint64_t pc) {
  uses_files(pc);
  const int result = RC_ORIGINAL(fcntl)(descriptor, command, argument);
  const bool duplicates = command == F_DUPFD || command == F_DUPFD_CLOEXEC;
  if (!duplicates || result < 0) return result;
  note_opened(result);
  if (rt.executing) share_timer(descriptor, result);
  return result;
}

}  // namespace
}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

// Read also where there is none: an argument of any value.
#define RC_ARGUMENT()                   \
  va_list list;                         \
  va_start(list, command);              \
  void* argument = va_arg(list, void*); \
  va_end(list)

RC_INTERPOSE_UNRESERVED int fcntl(int descriptor, int command, ...) {
  RC_ARGUMENT();
  return control(descriptor, command, argument, RC_CALLER);
}
RC_INTERPOSE_UNRESERVED int fcntl64(int descriptor, int command, ...) {
  RC_ARGUMENT();
  return control(descriptor, command, argument, RC_CALLER);
}
