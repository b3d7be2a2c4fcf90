// The locale and the time zone belong to the process: they are set back before the next execution.
#include <locale.h>
#include <racecourse/checkers/runtime/interpose/call.h>
#include <racecourse/checkers/runtime/process_state.h>

#include <cstring>
#include <ctime>
#include <utility>

RC_DECLARE_ORIGINAL(setlocale)
RC_DECLARE_ORIGINAL(tzset)

namespace racecourse::runtime {
namespace {

[[gnu::section("racecourse_state")]] constinit char before[1024] = {};
[[gnu::section("racecourse_state")]] constinit bool zone_read = false;

}  // namespace

void restore_locale() {
  if (before[0] == '\0') return;
  RC_ORIGINAL(setlocale)(LC_ALL, before);
  before[0] = '\0';
}

bool time_zone_was_read() { return std::exchange(zone_read, false); }

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE char* setlocale(int category, const char* name) noexcept {
  if (rt.executing && name != nullptr && before[0] == '\0') {
    const char* now = RC_ORIGINAL(setlocale)(LC_ALL, nullptr);
    if (now != nullptr && std::strlen(now) < sizeof before) std::strcpy(before, now);
  }
  return RC_ORIGINAL(setlocale)(category, name);
}

RC_INTERPOSE_UNRESERVED void tzset() noexcept {
  if (rt.executing) zone_read = true;
  RC_ORIGINAL(tzset)();
}
