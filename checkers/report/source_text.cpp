#include <racecourse/checkers/report/source_text.h>

#include <fstream>

namespace racecourse::report {

const std::string* SourceText::line(const std::string& file, int line) {
  auto [entry, inserted] = files_.try_emplace(file);
  std::vector<std::string>& lines = entry->second;
  if (inserted) {
    std::ifstream in(file);
    for (std::string text; std::getline(in, text);) lines.push_back(text);
  }
  if (line < 1 || static_cast<std::size_t>(line) > lines.size()) return nullptr;
  return &lines[static_cast<std::size_t>(line) - 1];
}

}  // namespace racecourse::report
