// The README's table says what is declared, no more and no less. `ci/readme` writes it anew.
#include <gtest/gtest.h>
#include <racecourse/tests/scenarios/command.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <string>

namespace {

using racecourse::test::command;

constexpr std::string_view kBegin = "<!-- matrix: begin -->\n", kEnd = "<!-- matrix: end -->";

std::string readme() {
  std::ifstream file(RACECOURSE_README);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// When a search first caught it depends on the compiler, so that is not compared.
std::string without_executions(const std::string& table) {
  return std::regex_replace(table, std::regex(" @[0-9,]+"), "");
}

std::string trimmed(std::string text) {
  const auto first = text.find_first_not_of('\n');
  const auto last = text.find_last_not_of('\n');
  return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

TEST(Readme, TheTableSaysWhatIsDeclared) {
  const std::string text = readme();
  const auto begin = text.find(kBegin), end = text.find(kEnd);
  ASSERT_NE(begin, std::string::npos) << "README.md has no table";
  ASSERT_NE(end, std::string::npos) << "the table of README.md has no end";
  const std::string shown = text.substr(begin + kBegin.size(), end - begin - kBegin.size());
  const auto declared = command("matrix --declared");
  ASSERT_EQ(declared.exit_code, 0);
  EXPECT_EQ(trimmed(without_executions(shown)), trimmed(declared.output)) << "run ci/readme";
}

TEST(Readme, EveryCatchOfTheTableSaysWhen) {
  const std::string text = readme();
  EXPECT_TRUE(std::regex_search(text, std::regex(R"(\| check_then_act \| broken \| assertion @\d+)")));
}

}  // namespace
