#include <racecourse/tests/mutants/equivalent.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace racecourse::mutants {

std::vector<Equivalent> read_equivalents(const std::string& path) {
  std::vector<Equivalent> all;
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    number++;
    if (line.empty() || line.starts_with('#')) continue;
    const auto first = line.find(" | ");
    const auto last = line.rfind(" | ");
    if (first == std::string::npos || first == last || line.size() < last + 3 + 20) {
      throw std::runtime_error(path + ":" + std::to_string(number) +
                               ": expected \"file | mutant | why it makes no difference\"");
    }
    all.push_back({line.substr(0, first), line.substr(first + 3, last - first - 3), line.substr(last + 3)});
  }
  return all;
}

const Equivalent* find(const std::vector<Equivalent>& all, const std::string& file, const Mutant& mutant) {
  const auto found = std::ranges::find_if(
      all, [&](const Equivalent& each) { return each.file == file && each.mutant == mutant.name(); });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace racecourse::mutants
