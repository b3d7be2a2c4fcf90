// Delay points before the pthread functions, and a start of threads that the plan can hold back.
//
// A definition in the program comes before the one in the sanitizer's runtime, for calls from libstdc++.so too. The
// runtime keeps its own under the name __interceptor_..., and that is what is called here, so that it sees everything.
// The calls are tail calls: the runtime takes the address it returns to for the place in the user's code. So what is
// declared never to throw calls nothing that could: the handler for that would be one thing left to do.
#include <pthread.h>
#include <racecourse/checkers/tsan/delays.h>

#include <cstdlib>

namespace {

using racecourse::tsan::delay_point;

struct ThreadStart {
  unsigned number;
  void* (*function)(void*);
  void* argument;
};

void* start_thread(void* memory) {
  const ThreadStart start = *static_cast<ThreadStart*>(memory);
  std::free(memory);
  racecourse::tsan::begin_thread(start.number);
  return start.function(start.argument);
}

}  // namespace

extern "C" {

// NOLINTBEGIN(bugprone-reserved-identifier): the runtime's names
int __interceptor_pthread_create(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*) noexcept;
int __interceptor_pthread_join(pthread_t, void**);
int __interceptor_pthread_mutex_lock(pthread_mutex_t*) noexcept;
int __interceptor_pthread_mutex_trylock(pthread_mutex_t*) noexcept;
int __interceptor_pthread_mutex_unlock(pthread_mutex_t*) noexcept;
int __interceptor_pthread_rwlock_rdlock(pthread_rwlock_t*) noexcept;
int __interceptor_pthread_rwlock_wrlock(pthread_rwlock_t*) noexcept;
int __interceptor_pthread_rwlock_unlock(pthread_rwlock_t*) noexcept;
int __interceptor_pthread_cond_wait(pthread_cond_t*, pthread_mutex_t*);
int __interceptor_pthread_cond_signal(pthread_cond_t*) noexcept;
int __interceptor_pthread_cond_broadcast(pthread_cond_t*) noexcept;
// NOLINTEND(bugprone-reserved-identifier)

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*function)(void*),
                   void* argument) noexcept {
  auto* start = static_cast<ThreadStart*>(std::malloc(sizeof(ThreadStart)));
  if (start == nullptr) return __interceptor_pthread_create(thread, attributes, function, argument);
  *start = {racecourse::tsan::next_thread_number(), function, argument};
  return __interceptor_pthread_create(thread, attributes, start_thread, start);
}

int pthread_join(pthread_t thread, void** result) {
  racecourse::tsan::count_join();
  racecourse::tsan::let_threads_begin();
  return __interceptor_pthread_join(thread, result);
}

#define DELAYED(function, type)              \
  int function(type* object) noexcept {      \
    delay_point();                           \
    return __interceptor_##function(object); \
  }

DELAYED(pthread_mutex_lock, pthread_mutex_t)
DELAYED(pthread_mutex_trylock, pthread_mutex_t)
DELAYED(pthread_mutex_unlock, pthread_mutex_t)
DELAYED(pthread_rwlock_rdlock, pthread_rwlock_t)
DELAYED(pthread_rwlock_wrlock, pthread_rwlock_t)
DELAYED(pthread_rwlock_unlock, pthread_rwlock_t)
DELAYED(pthread_cond_signal, pthread_cond_t)
DELAYED(pthread_cond_broadcast, pthread_cond_t)

#undef DELAYED

// Between the test of the condition and the sleep: where a wakeup is lost.
int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
  delay_point();
  return __interceptor_pthread_cond_wait(condition, mutex);
}

}  // extern "C"
