// In an execution, a file with numbers that are the same in every process stands for /dev/urandom and /dev/random.
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

  operator const char*() const { return file_ < 0 ? path_ : name_; }

 private:
  const char* path_;
  long file_ = -1;
  char name_[32];
};

}  // namespace racecourse::runtime
