// A folder in /tmp for as long as this object lives: /tmp/racecourse-bench-XXXXXX.
//
// Nothing of it stays behind: a signal that ends the grading unwinds to the destructor (see run_job() in process.h),
// and what a killed process has left, the next one removes. A folder is in use as long as a process holds a lock on it,
// which the kernel takes back whatever becomes of the process; so two that grade at a time do not meet.
#pragma once

#include <filesystem>

namespace racecourse::lab {

class OwnFolder {
 public:
  // Throws command::BadRequest if none can be made.
  OwnFolder();
  ~OwnFolder();
  OwnFolder(const OwnFolder&) = delete;
  OwnFolder& operator=(const OwnFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  int lock_ = -1;
};

}  // namespace racecourse::lab
