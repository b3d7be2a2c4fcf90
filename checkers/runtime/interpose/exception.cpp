// The counts of exceptions. Whoever drops the last reference to an exception that travels between threads
// (std::exception_ptr, std::future) destroys it, inside libstdc++, which is not instrumented: the last drop is ordered
// after those before it. The count orders more than that in truth; but a program that counts on it has a race.
#include <cxxabi.h>
#include <racecourse/checkers/runtime/interpose/call.h>

#include <cstring>
#include <exception>

// std::__exception_ptr::exception_ptr::_M_release()
extern "C" void _ZNSt15__exception_ptr13exception_ptr10_M_releaseEv(std::exception_ptr* pointer) noexcept;
extern "C" void __cxa_end_catch();

RC_DECLARE_ORIGINAL(_ZNSt15__exception_ptr13exception_ptr10_M_releaseEv)
RC_DECLARE_ORIGINAL(__cxa_end_catch)

namespace racecourse::runtime {

namespace {

// The C++ ABI: the count is at the beginning of what lies before the exception.
int references(const char* exception) {
  constexpr int kHeader = 128;
  return *reinterpret_cast<const int*>(exception - kHeader);
}

// One of `own` references, which are all of this thread, will be dropped.
void order_drop(const std::exception_ptr& pointer, int own) {
  const char* exception;
  static_assert(sizeof exception == sizeof pointer);
  std::memcpy(&exception, &pointer, sizeof exception);
  if (exception == nullptr) return;
  order_before(exception);
  if (references(exception) == own) order_after(exception);
}

// Apart: the temporary is gone before the catch clause ends.
[[gnu::noinline]] void order_end_of_catch() { order_drop(std::current_exception(), 2); }

}  // namespace

}  // namespace racecourse::runtime

using namespace racecourse::runtime;

// Weak: a static libstdc++ keeps its own.
extern "C" [[gnu::visibility("default"), gnu::weak]] void _ZNSt15__exception_ptr13exception_ptr10_M_releaseEv(
    std::exception_ptr* pointer) noexcept {
  if (rt.executing) order_drop(*pointer, 1);
  RC_ORIGINAL(_ZNSt15__exception_ptr13exception_ptr10_M_releaseEv)(pointer);
}

extern "C" [[gnu::visibility("default"), gnu::weak]] void __cxa_end_catch() {
  if (rt.executing) order_end_of_catch();
  RC_ORIGINAL(__cxa_end_catch)();
}
