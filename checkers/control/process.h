// Looking at a child process without disturbing it.
#pragma once

#include <sys/types.h>

#include <span>

namespace racecourse::control {

// Seconds of CLOCK_MONOTONIC.
double now();

struct Activity {
  double processor_seconds = 0;  // used so far, all threads
  bool asleep = false;           // waits in a system call at this moment, and not for a page of memory
};
// All zero once the process is gone.
Activity activity(pid_t process);

// Number of the system call that the process waits in, or -1 if that cannot be seen.
long waits_in_system_call(pid_t process);

// Owns a child process: knows when it ends, and kills it if nobody waited for that.
class Child {
 public:
  explicit Child(pid_t process);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  enum class Event { ended, readable, nothing };
  // Waits until the child has ended or the descriptor (-1: none) can be read. What was written before the end is
  // reported before the end.
  Event wait_up_to(double seconds, int descriptor = -1);
  // The same without waiting.
  bool has_ended() { return reap(false); }
  // Can be read once the child has ended; -1 where the kernel has none.
  int descriptor() const { return pid_descriptor_; }
  int status() const { return status_; }  // as of waitpid(2), once ended
  pid_t process() const { return process_; }
  void send(int signal);

 private:
  bool reap(bool block);

  pid_t process_;
  int pid_descriptor_;  // -1 where the kernel has none
  int status_ = 0;
  bool ended_ = false;
};

// Waits until one of the descriptors of children can be read; not long if one of them has none.
void wait_for_any(std::span<const int> descriptors, double seconds);

// In a fresh child: dies with its parent, and of signals as usual, leaves no core file, and writes its output to these
// descriptors (-1: nowhere).
void settle_child(pid_t parent, int output, int error_output);

}  // namespace racecourse::control
