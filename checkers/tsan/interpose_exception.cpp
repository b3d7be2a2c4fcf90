// Happens-before for the reference counts of exceptions.
//
// An exception that travels between threads (std::exception_ptr, std::promise, std::async) is freed by whoever drops
// the last reference, which happens inside libstdc++.so. That is not instrumented: freeing the exception would seem to
// race with what other threads did with it before they dropped theirs. So the two functions by which instrumented code
// drops a reference say what a decrement of a reference count says: release what was done, acquire what others did.
//
// The linker wraps them (link_options.cmake).
#include <racecourse/checkers/tsan/interface.h>

#include <cstring>
#include <exception>

namespace {

// Of libstdc++: an exception_ptr is a pointer to the exception.
void* exception_of(const std::exception_ptr& pointer) {
  static_assert(sizeof pointer == sizeof(void*));
  void* exception = nullptr;
  std::memcpy(&exception, &pointer, sizeof exception);
  return exception;
}

void drops_reference(void* exception) {
  if (exception == nullptr) return;
  __tsan_release(exception);
  __tsan_acquire(exception);
}

}  // namespace

extern "C" {

// NOLINTBEGIN(bugprone-reserved-identifier): the names that --wrap gives
[[gnu::weak]] void __real___cxa_end_catch();
void __wrap___cxa_end_catch() {
  drops_reference(exception_of(std::current_exception()));
  __real___cxa_end_catch();
}

// std::exception_ptr::_M_release()
[[gnu::weak]] void __real__ZNSt15__exception_ptr13exception_ptr10_M_releaseEv(std::exception_ptr* pointer);
void __wrap__ZNSt15__exception_ptr13exception_ptr10_M_releaseEv(std::exception_ptr* pointer) {
  drops_reference(exception_of(*pointer));
  __real__ZNSt15__exception_ptr13exception_ptr10_M_releaseEv(pointer);
}
// NOLINTEND(bugprone-reserved-identifier)

}  // extern "C"
