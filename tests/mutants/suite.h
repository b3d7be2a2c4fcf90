// The tests that a mutant has to survive: what is built and run for it.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace racecourse::mutants {

// In the order in which they are asked. The first one that says no has killed the mutant.
enum class Judge { contract, contract_tsan, body, property, relacy };
inline constexpr Judge kJudges[] = {Judge::contract, Judge::body, Judge::property, Judge::relacy, Judge::contract_tsan};
const char* to_string(Judge judge);

enum class Says { nothing, killed, does_not_compile };

// The tests of one primitive, taken from a build folder: each source is compiled as there, but with the headers of
// `overlay` in front, and linked with the objects that are there for all the rest.
class Suite {
 public:
  // `sources` and `build` are absolute; `work` is a folder for what is made. Throws std::runtime_error if the build
  // folder does not know the tests.
  Suite(std::string sources, std::string build, std::string work, std::string primitive);

  // Whether the variant has such tests.
  bool has(Judge judge, const std::string& variant) const;
  // The headers in work()/overlay/racecourse are judged, for `variant` where the tests are by variant.
  Says ask(Judge judge, const std::string& variant, double seconds);
  const std::string& work() const { return work_; }
  // The last lines that the test printed.
  std::string last_words() const;

 private:
  struct Program {
    std::string target;                // as ninja calls it
    std::vector<std::string> sources;  // relative, those that see the primitive
    bool only_these;                   // of the sources of its own folder
  };
  Program program_of(Judge judge) const;
  bool run(const std::string& command) const;
  std::optional<std::string> compiled(const std::string& source);
  bool linked(const Program& program, const std::string& to);

  const std::string sources_, build_, work_, primitive_;
  nlohmann::json commands_;
  std::vector<std::string> made_;  // objects of this mutant
};

}  // namespace racecourse::mutants
