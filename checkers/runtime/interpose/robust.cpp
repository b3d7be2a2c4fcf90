#include <racecourse/checkers/runtime/interpose/robust.h>

#include <cstddef>

namespace racecourse::runtime {

namespace {

// The list of those that a thread holds goes through the mutexes themselves, as in the C library.
using Link = __pthread_internal_list;

Link& link_of(pthread_mutex_t& mutex) { return mutex.__data.__list; }

pthread_mutex_t& mutex_of(Link& link) {
  return *reinterpret_cast<pthread_mutex_t*>(reinterpret_cast<char*>(&link) - offsetof(pthread_mutex_t, __data.__list));
}

}  // namespace

void add_robust(pthread_mutex_t& mutex) {
  Link& link = link_of(mutex);
  auto* const first = static_cast<Link*>(self().robust);
  link = {nullptr, first};
  if (first != nullptr) first->__prev = &link;
  self().robust = &link;
}

void remove_robust(pthread_mutex_t& mutex) {
  Link& link = link_of(mutex);
  if (link.__prev != nullptr)
    link.__prev->__next = link.__next;
  else
    self().robust = link.__next;
  if (link.__next != nullptr) link.__next->__prev = link.__prev;
  link = {};
}

void abandon_all_robust() {
  while (self().robust != nullptr) {
    pthread_mutex_t& mutex = mutex_of(*static_cast<Link*>(self().robust));
    remove_robust(mutex);
    // One that was not repaired is lost for good, whether it was unlocked or left.
    mutex.__data.__lock = kOwnerDied;
    mutex.__data.__owner = 0;
    mutex.__data.__count = 0;
    order_before(&mutex);
    wake_all(Wait::mutex, &mutex);
  }
}

}  // namespace racecourse::runtime
