// pthread_cancel(): a thread is asked to end, and ends where it may: at one of the calls that POSIX names as
// cancellation points. Its stack is unwound, so that cleanup handlers and destructors run.
#pragma once

#include <racecourse/checkers/runtime/interpose/call.h>

namespace racecourse::runtime {

void end_cancelled(std::uint64_t pc);

// At the beginning of such a call. Returns if nobody has asked, or the thread does not let itself be asked now.
inline void cancellation_point(std::uint64_t pc) {
  if (RC_UNLIKELY(self().cancel.requested)) end_cancelled(pc);
}

// After it has waited, and has taken back what it holds when it returns: it may have been woken by the request. A
// request that came later is for the next call.
inline void after_cancellable_wait(std::uint64_t pc) {
  if (RC_UNLIKELY(self().cancel.woke)) end_cancelled(pc);
}

// Around waits of calls that are no cancellation points.
class Uncancelled {
 public:
  Uncancelled() : before_(self().cancel.disabled) { self().cancel.disabled = true; }
  ~Uncancelled() { self().cancel.disabled = before_; }
  Uncancelled(const Uncancelled&) = delete;
  Uncancelled& operator=(const Uncancelled&) = delete;

 private:
  bool before_;
};

}  // namespace racecourse::runtime
