// What another file stands for in an execution: /dev/urandom, which would be another in every process, and the
// program's folder in /proc, which the kernel has under another number.
//
//   open(StandIn(path), flags)
#pragma once

namespace racecourse::runtime {

class StandIn {
 public:
  explicit StandIn(const char* path);
  ~StandIn();
  StandIn(const StandIn&) = delete;
  StandIn& operator=(const StandIn&) = delete;

  operator const char*() const { return path_; }

 private:
  const char* path_;  // the one that was given, or other_
  char other_[256];
  long file_ = -1;
};

}  // namespace racecourse::runtime
