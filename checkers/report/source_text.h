// Lines of source files, read once.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

namespace racecourse::report {

class SourceText {
 public:
  // Line `line` (from 1) of `file`; null if the file cannot be read or is shorter.
  const std::string* line(const std::string& file, int line);

 private:
  std::unordered_map<std::string, std::vector<std::string>> files_;  // an unreadable file has no lines
};

}  // namespace racecourse::report
