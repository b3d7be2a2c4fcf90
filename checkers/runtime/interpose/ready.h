// Calls that wait for the world outside: a descriptor, a child, a signal.
#pragma once

#include <racecourse/checkers/runtime/interpose/cancel.h>
#include <racecourse/checkers/runtime/interpose/files.h>
#include <racecourse/checkers/runtime/interpose/timer_descriptor.h>

namespace racecourse::runtime {

// Waits in virtual time, letting the other threads go on, until `ready` (which must not block) returns true or the
// deadline (0: none) passes; returns what `ready` said last. When nobody is left who could make it ready, that is a
// finding which names `call` and, if it is not negative, the descriptor.
template <class Ready>
bool wait_until_ready(const char* call, int descriptor, std::uint64_t deadline, std::uint64_t pc, Ready ready);

// The same for one descriptor and poll()'s events. Non-blocking descriptors are always ready: their call returns.
void wait_for_descriptor(const char* call, int descriptor, short events, std::uint64_t pc);

class Patience {
 public:
  Patience(const char* call, int descriptor, std::uint64_t deadline, std::uint64_t pc);
  ~Patience();
  // Lets others run for a while; false once the deadline has passed.
  bool let_others_run();

 private:
  bool is_for_ever();

  const char* call_;
  int descriptor_;
  std::uint64_t deadline_;
  std::uint64_t pc_;
  std::uint64_t slice_ = 1000;
  int rounds_ = 0;
  bool waited_ = false;       // in real time
  std::uint32_t looked_ = 0;  // in which round of `lookers`
};

template <class Ready>
bool wait_until_ready(const char* call, int descriptor, std::uint64_t deadline, std::uint64_t pc, Ready ready) {
  enter(pc, on(nullptr, Access::other));
  cancellation_point(pc);
  Patience patience(call, descriptor, deadline, pc);
  const auto is_ready = [&] {
    fire_timers();
    return ready();
  };
  bool came = is_ready();
  while (!came && patience.let_others_run()) came = is_ready();
  note_files(pc);
  return came;
}

}  // namespace racecourse::runtime
