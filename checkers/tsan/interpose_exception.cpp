// Happens-before for the reference counts of exceptions.
//
// An exception that travels between threads (std::exception_ptr, std::promise, std::async) is destroyed by whoever
// drops the last reference, inside libstdc++.so. That is not instrumented: destroying the exception would seem to race
// with what other threads did with it before they dropped theirs. So ThreadSanitizer is told what such a count means:
// - who drops a reference releases (the end of a catch clause, the destructor of an exception_ptr);
// - who destroys the exception acquires first: every exception is thrown with a destructor of ours around its own.
//
// The first are wrapped by the linker (link_options.cmake), since only instrumented code matters there. Throwing is
// replaced altogether: libstdc++.so throws too. The definitions are weak for the sake of a static libstdc++, which then
// keeps its own.
#include <dlfcn.h>
#include <racecourse/checkers/tsan/interface.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <typeinfo>
#include <unordered_map>

namespace {

using Destructor = void (*)(void*);

// The destructors that exceptions came with.
class Destructors {
 public:
  void add(void* exception, Destructor destructor) {
    const Lock lock(locked_);
    own_[exception] = destructor;
  }

  Destructor take(void* exception) {
    const Lock lock(locked_);
    const auto found = own_.find(exception);
    if (found == own_.end()) return nullptr;
    const Destructor destructor = found->second;
    own_.erase(found);
    return destructor;
  }

 private:
  // Not a mutex: ThreadSanitizer would take it for synchronisation of the body.
  class Lock {
   public:
    explicit Lock(std::atomic_flag& flag) : flag_(flag) {
      while (flag_.test_and_set(std::memory_order_acquire)) {  // acquire: pairs with the release in ~Lock()
      }
    }
    ~Lock() { flag_.clear(std::memory_order_release); }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

   private:
    std::atomic_flag& flag_;
  };

  std::atomic_flag locked_;
  std::unordered_map<void*, Destructor> own_;
};

// Never destroyed: threads may throw until the very end.
Destructors& destructors() {
  static Destructors& table = *new Destructors;
  return table;
}

void destroy_exception(void* exception) {
  __tsan_acquire(exception);
  if (const Destructor own = destructors().take(exception)) own(exception);
}

// libstdc++'s definition behind ours.
template <typename Function>
Function* next(const char* name) {
  void* found = dlsym(RTLD_NEXT, name);
  if (found == nullptr) std::abort();
  return reinterpret_cast<Function*>(found);
}

void release(const std::exception_ptr& pointer) {
  // Of libstdc++: an exception_ptr is a pointer to the exception.
  static_assert(sizeof pointer == sizeof(void*));
  void* exception = nullptr;
  std::memcpy(&exception, &pointer, sizeof exception);
  if (exception != nullptr) __tsan_release(exception);
}

// Apart, so that the wrapper below has nothing left to do after its call: the runtime takes the address it returns to
// for the place in the user's code.
[[gnu::noinline]] void release_current() { release(std::current_exception()); }

}  // namespace

extern "C" {

// NOLINTBEGIN(bugprone-reserved-identifier): the names of the C++ ABI, and those that --wrap gives
[[gnu::weak, noreturn]] void __cxa_throw(void* exception, std::type_info* type, Destructor destructor) {
  using Throw = void(void*, std::type_info*, Destructor);
  destructors().add(exception, destructor);
  next<Throw>("__cxa_throw")(exception, type, destroy_exception);
  __builtin_unreachable();
}

// What std::make_exception_ptr does instead of throwing. By another name here, since <exception> declares it with a
// type of its own.
[[gnu::weak]] void* init_primary_exception(void*, std::type_info*, Destructor) noexcept
    asm("__cxa_init_primary_exception");
void* init_primary_exception(void* exception, std::type_info* type, Destructor destructor) noexcept {
  using Init = void*(void*, std::type_info*, Destructor);
  destructors().add(exception, destructor);
  return next<Init>("__cxa_init_primary_exception")(exception, type, destroy_exception);
}

[[gnu::weak]] void __real___cxa_end_catch();
void __wrap___cxa_end_catch() {
  release_current();
  __real___cxa_end_catch();
}

// std::exception_ptr::_M_release()
[[gnu::weak]] void __real__ZNSt15__exception_ptr13exception_ptr10_M_releaseEv(std::exception_ptr* pointer);
void __wrap__ZNSt15__exception_ptr13exception_ptr10_M_releaseEv(std::exception_ptr* pointer) {
  release(*pointer);
  __real__ZNSt15__exception_ptr13exception_ptr10_M_releaseEv(pointer);
}
// NOLINTEND(bugprone-reserved-identifier)

}  // extern "C"
