// The alias header's types in the Relacy build. Included by sync.h only.
//
// Relacy wants the place of every operation as an argument. Default arguments carry it, so that the same source
// compiles with std::atomic; a conversion (At<T>) carries it where an operator has no room for a default argument.
#pragma once

#include <racecourse/checkers/relacy/relacy.h>

namespace racecourse::sync {

// Not Relacy's own type: that one is made from a null pointer, so also from the 0 in var<int> x{0}.
struct Place {
  const char* function;
  const char* file;
  unsigned line;
  Place(const char* in_function, const char* in_file, unsigned in_line)
      : function(in_function), file(in_file), line(in_line) {}
  Place(const rl::debug_info& at) : Place(at.func_, at.file_, at.line_) {}
  operator rl::debug_info() const { return rl::debug_info(function, file, line); }
};

// As a default argument this is the caller's place. (std::source_location is missing in clang 14.)
inline Place here(const char* function = __builtin_FUNCTION(), const char* file = __builtin_FILE(),
                  unsigned line = __builtin_LINE()) {
  return Place(function, file, line);
}

// A value and the place where it was converted.
template <class T>
struct At {
  T value;
  Place place;
  At(T v, Place at = here()) : value(v), place(at) {}
};

static_assert(static_cast<int>(std::memory_order_relaxed) == rl::mo_relaxed);
static_assert(static_cast<int>(std::memory_order_consume) == rl::mo_consume);
static_assert(static_cast<int>(std::memory_order_acquire) == rl::mo_acquire);
static_assert(static_cast<int>(std::memory_order_release) == rl::mo_release);
static_assert(static_cast<int>(std::memory_order_acq_rel) == rl::mo_acq_rel);
static_assert(static_cast<int>(std::memory_order_seq_cst) == rl::mo_seq_cst);
inline rl::memory_order order_of(std::memory_order order) { return static_cast<rl::memory_order>(order); }

template <class T>
class atomic {
 public:
  using value_type = T;
  static constexpr std::memory_order kSeqCst = std::memory_order_seq_cst;

  atomic(Place at = here()) : atomic(T(), at) {}
  atomic(T value, Place at = here()) { impl_.store(value, rl::mo_relaxed, at); }
  atomic(const atomic&) = delete;
  atomic& operator=(const atomic&) = delete;

  T load(std::memory_order order = kSeqCst, Place at = here()) const { return impl_.load(order_of(order), at); }

  void store(T value, std::memory_order order = kSeqCst, Place at = here()) { impl_.store(value, order_of(order), at); }

  T exchange(T value, std::memory_order order = kSeqCst, Place at = here()) {
    return impl_.exchange(value, order_of(order), at);
  }

  bool compare_exchange_strong(T& expected, T desired, std::memory_order order = kSeqCst, Place at = here()) {
    return impl_.compare_exchange_strong(expected, desired, order_of(order), at);
  }
  bool compare_exchange_strong(T& expected, T desired, std::memory_order success, std::memory_order failure,
                               Place at = here()) {
    return impl_.compare_exchange_strong(expected, desired, order_of(success), at, order_of(failure), at);
  }

  bool compare_exchange_weak(T& expected, T desired, std::memory_order order = kSeqCst, Place at = here()) {
    return impl_.compare_exchange_weak(expected, desired, order_of(order), at);
  }
  bool compare_exchange_weak(T& expected, T desired, std::memory_order success, std::memory_order failure,
                             Place at = here()) {
    return impl_.compare_exchange_weak(expected, desired, order_of(success), at, order_of(failure), at);
  }

  T fetch_add(T value, std::memory_order order = kSeqCst, Place at = here()) {
    return impl_.fetch_add(value, order_of(order), at);
  }
  T fetch_sub(T value, std::memory_order order = kSeqCst, Place at = here()) {
    return impl_.fetch_sub(value, order_of(order), at);
  }
  T fetch_or(T value, std::memory_order order = kSeqCst, Place at = here()) {
    return impl_.fetch_or(value, order_of(order), at);
  }
  T fetch_and(T value, std::memory_order order = kSeqCst, Place at = here()) {
    return impl_.fetch_and(value, order_of(order), at);
  }

  rl::atomic<T>& relacy() { return impl_; }

 private:
  rl::atomic<T> impl_;
};

class mutex {
 public:
  void lock(Place at = here()) { impl_.lock(at); }
  bool try_lock(Place at = here()) { return impl_.try_lock(at); }
  void unlock(Place at = here()) { impl_.unlock(at); }

 private:
  rl::mutex impl_;
};

template <class T>
class var {
 public:
  var(Place at = here()) : declared_(at) {}  // unset: Relacy reports a read before the first write
  // From At<T>, not T, or `x = 42` could mean two things. So a var is made as var<int> x{42}, with braces.
  var(At<T> v) : declared_(v.place) { set(v.value, v.place); }
  var(const var& other) : declared_(other.declared_) { set(other.get(), other.declared_); }
  var& operator=(const var& other) { return set(other.get(), other.declared_); }

  operator T() const { return get(); }
  var& operator=(At<T> v) { return set(v.value, v.place); }
  var& operator+=(At<T> v) { return set(impl_(v.place).load() + v.value, v.place); }
  var& operator-=(At<T> v) { return set(impl_(v.place).load() - v.value, v.place); }
  var& operator++() { return *this += At<T>(1, declared_); }
  var& operator--() { return *this -= At<T>(1, declared_); }

 private:
  T get() const { return impl_(declared_).load(); }
  var& set(T value, Place at) {
    impl_(at).store(value);
    return *this;
  }

  rl::var<T> impl_;
  Place declared_;  // a conversion to T has no room for its caller's place, so reads are reported here
};

inline void pause(Place at = here()) { rl::yield(1, at); }

}  // namespace racecourse::sync
