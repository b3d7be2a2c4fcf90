// The locale belongs to the process: it is set back before the next execution.
#include <locale.h>
#include <racecourse/checkers/runtime/interpose/call.h>
#include <racecourse/checkers/runtime/process_state.h>

#include <cstring>

RC_DECLARE_ORIGINAL(setlocale)

namespace racecourse::runtime {
namespace {

[[gnu::section("racecourse_state")]] constinit char before[1024] = {};

}  // namespace

void restore_locale() {
  if (before[0] == '\0') return;
  RC_ORIGINAL(setlocale)(LC_ALL, before);
  before[0] = '\0';
}

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
