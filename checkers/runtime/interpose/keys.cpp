// pthread_key_*. Keys made before an exploration are the C library's; those made in an execution have numbers of their
// own, above. In an execution every thread has its own values for both kinds.
#include <racecourse/checkers/runtime/interpose/keys.h>

#include <racecourse/checkers/runtime/interpose/interpose.h>

#include <errno.h>
#include <limits.h>

RC_DECLARE_ORIGINAL(pthread_key_create)
RC_DECLARE_ORIGINAL(pthread_key_delete)
RC_DECLARE_ORIGINAL(pthread_getspecific)
RC_DECLARE_ORIGINAL(pthread_setspecific)

namespace racecourse::runtime {

namespace {

struct Key {
  bool used;
  void (*destructor)(void*);
};

constexpr pthread_key_t kFirstControlled = 128;

// Ordinary globals: what an execution adds is gone when it ends.
constinit Key keys[kMaxKeys] = {};

// T0 carries on from the thread that called explore(), so it starts with that thread's values; this one stands for a
// value that it has set to null since.
char null_value;

void register_key(pthread_key_t key, void (*destructor)(void*)) {
  if (key < kMaxKeys) keys[key] = {true, destructor};
}

}  // namespace

int create_key(pthread_key_t* key, void (*destructor)(void*)) {
  for (pthread_key_t candidate = kFirstControlled; candidate < kMaxKeys; ++candidate) {
    if (keys[candidate].used) continue;
    register_key(candidate, destructor);
    for (int i = 0; i < rt.thread_count; ++i) rt.fibers[i].keys[candidate] = nullptr;
    *key = candidate;
    return 0;
  }
  return EAGAIN;
}

int delete_key(pthread_key_t key) {
  if (key >= kMaxKeys || !keys[key].used) return EINVAL;
  keys[key] = {};
  return 0;
}

void* get_value(pthread_key_t key) {
  if (key >= kMaxKeys) return nullptr;
  Fiber& fiber = self();
  void* value = fiber.keys[key];
  if (value == &null_value) return nullptr;
  if (value == nullptr && fiber.id == 0 && key < kFirstControlled) return RC_ORIGINAL(pthread_getspecific)(key);
  return value;
}

int set_value(pthread_key_t key, void* value) {
  if (key >= kMaxKeys) return EINVAL;
  Fiber& fiber = self();
  const bool inherits = fiber.id == 0 && key < kFirstControlled;
  fiber.keys[key] = value == nullptr && inherits ? &null_value : value;
  if (fiber.keys_used <= static_cast<int>(key)) fiber.keys_used = static_cast<int>(key) + 1;
  return 0;
}

void run_key_destructors(Fiber& fiber) {
  // A destructor may set values again, its own included: a bounded number of rounds, as POSIX says.
  for (int round = 0; round < PTHREAD_DESTRUCTOR_ITERATIONS; ++round) {
    bool called = false;
    for (int key = 0; key < fiber.keys_used; ++key) {
      void* value = fiber.keys[key];
      if (value == nullptr || value == &null_value) continue;
      fiber.keys[key] = nullptr;
      if (!keys[key].used || keys[key].destructor == nullptr) continue;
      called = true;
      keys[key].destructor(value);
    }
    if (!called) return;
  }
}

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE int pthread_key_create(pthread_key_t* key, void (*destructor)(void*)) noexcept {
  if (rt.executing) return create_key(key, destructor);
  const int error = RC_ORIGINAL(pthread_key_create)(key, destructor);
  if (error == 0) register_key(*key, destructor);
  return error;
}

RC_INTERPOSE int pthread_key_delete(pthread_key_t key) noexcept {
  if (rt.executing) return delete_key(key);
  if (key < kMaxKeys) keys[key] = {};
  return RC_ORIGINAL(pthread_key_delete)(key);
}

RC_INTERPOSE void* pthread_getspecific(pthread_key_t key) noexcept {
  return rt.executing ? get_value(key) : RC_ORIGINAL(pthread_getspecific)(key);
}

RC_INTERPOSE int pthread_setspecific(pthread_key_t key, const void* value) noexcept {
  return rt.executing ? set_value(key, const_cast<void*>(value)) : RC_ORIGINAL(pthread_setspecific)(key, value);
}
