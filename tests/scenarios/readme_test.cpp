// The tables of the READMEs say what is declared, no more and no less. `ci/readme` writes them anew.
#include <gtest/gtest.h>
#include <racecourse/tests/scenarios/command.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <string>

namespace {

using racecourse::test::command;

std::string text_of(const std::string& path) {
  std::ifstream file(RACECOURSE_SOURCES "/" + path);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// When a search first caught it, and how many executions there are, depends on the compiler, so that is not compared.
std::string without_executions(std::string table) {
  table = std::regex_replace(table, std::regex(" @[0-9,]+|, [0-9,]+ executions"), "");
  return std::regex_replace(table, std::regex("all [0-9,]+ executions|its one execution"), "all executions");
}

std::string trimmed(std::string text) {
  const auto first = text.find_first_not_of('\n');
  const auto last = text.find_last_not_of('\n');
  return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

// What `path` shows between its marks is what the command prints.
void expect_shown(const std::string& path, const std::string& name, const std::string& arguments) {
  const std::string text = text_of(path);
  const std::string mark = "<!-- " + name + ": begin -->\n";
  const auto begin = text.find(mark), end = text.find("<!-- " + name + ": end -->");
  ASSERT_NE(begin, std::string::npos) << path << " has no table " << name;
  ASSERT_NE(end, std::string::npos) << "the table " << name << " of " << path << " has no end";
  const std::string shown = text.substr(begin + mark.size(), end - begin - mark.size());
  const auto declared = command(arguments);
  ASSERT_EQ(declared.exit_code, 0);
  EXPECT_EQ(trimmed(without_executions(shown)), trimmed(declared.output)) << "run ci/readme";
}

TEST(Readme, TheTableSaysWhatIsDeclared) {
  expect_shown("README.md", "matrix", "matrix --declared --family primitive");
}

TEST(Readme, TheTablesOfTheScenariosSayWhatIsDeclared) {
  expect_shown("scenarios/README.md", "matrix", "matrix --declared --family notes --family classic --family field-bug");
  expect_shown("scenarios/README.md", "scenarios", "list --markdown");
}

TEST(Readme, TheGuideOfTheLabListsItsExercises) {
  expect_shown("scenarios/lab/GUIDE.md", "lab", "lab list --markdown");
}

TEST(Readme, EveryCatchOfTheTableSaysWhen) {
  EXPECT_TRUE(std::regex_search(text_of("README.md"), std::regex(R"(\| check_then_act \| broken \| assertion @\d+)")));
}

}  // namespace
