#include <racecourse/checkers/runtime/interpose/call.h>
#include <racecourse/checkers/runtime/interpose/own_number.h>
#include <racecourse/checkers/runtime/runtime.h>
#include <unistd.h>

RC_DECLARE_ORIGINAL(gettid)

namespace racecourse::runtime {

int thread_number() { return kFirstThreadNumber + self().id; }

bool is_own(pid_t number) {
  if (!rt.executing) return false;
  return number == 0 || number == getpid() || (number >= kFirstThreadNumber && number < kEndOfThreadNumbers);
}

}  // namespace racecourse::runtime

using namespace racecourse::runtime;

RC_INTERPOSE pid_t gettid() noexcept { return rt.executing ? thread_number() : RC_ORIGINAL(gettid)(); }
