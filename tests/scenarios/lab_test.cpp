// `racecourse lab` as a student meets it, as far as nothing must be built: tests/installed/lab does the rest.
#include <gtest/gtest.h>
#include <racecourse/scenarios/lab/paragraph.h>
#include <racecourse/scenarios/lab/scan.h>
#include <racecourse/scenarios/racecourse/line_diff.h>
#include <racecourse/tests/scenarios/command.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>

namespace {

namespace fs = std::filesystem;
using racecourse::test::command;
using racecourse::test::Ended;

class Lab : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/racecourse-lab-XXXXXX";
    ASSERT_NE(mkdtemp(name), nullptr);
    place_ = name;
    before_ = fs::current_path();
    fs::current_path(place_);
  }
  void TearDown() override {
    fs::current_path(before_);
    fs::remove_all(place_);
  }

  static std::string text_of(const fs::path& file) {
    std::ifstream stream(file);
    return std::string(std::istreambuf_iterator<char>(stream), {});
  }

  // One line on standard error that names the mistake, exit code 2.
  static void expect_refused(const std::string& arguments, const std::string& named) {
    const Ended ended = command("lab " + arguments + " 2>&1");
    EXPECT_EQ(ended.exit_code, 2) << arguments;
    EXPECT_NE(ended.output.find(named), std::string::npos) << ended.output;
  }

  fs::path place_, before_;
};

TEST_F(Lab, AWorkspaceHoldsNoMarkAndNoHint) {
  ASSERT_EQ(command("lab start w").exit_code, 0);
  int files = 0;
  for (const auto& entry : fs::recursive_directory_iterator("w")) {
    if (!entry.is_regular_file()) continue;
    ++files;
    const std::string text = text_of(entry.path());
    for (const char* trace : {"// BUG", "Broken:", "check_then_act", "CheckThenAct", "one_cv_notify_one", "PlainBool",
                              "abba", "What may the other thread do", "// Variants"}) {
      EXPECT_EQ(text.find(trace), std::string::npos) << entry.path() << " holds " << trace;
    }
  }
  EXPECT_GT(files, 40);
  EXPECT_NE(text_of("w/.gitignore").find("build/"), std::string::npos) << "it may become a repository";
  EXPECT_NE(text_of("w/two_withdrawals/my_account.h").find("class MyAccount"), std::string::npos);
  // A comment that right variants have too stays.
  EXPECT_NE(text_of("w/two_transfers/my_transfer.h").find("one lock, which must not be taken twice"),
            std::string::npos);
}

TEST_F(Lab, ATestMayBeWrittenOfEveryExercise) {
  ASSERT_EQ(command("lab start w").exit_code, 0);
  int exercises = 0;
  for (const auto& entry : fs::directory_iterator("w")) {
    if (!fs::exists(entry.path() / "STORY.md")) continue;
    ++exercises;
    EXPECT_NE(text_of(entry.path() / "test.cpp").find("\nvoid test() {"), std::string::npos) << entry.path();
    const bool sleeps = text_of(entry.path() / "test.cpp").find("\nvoid sleeps() {") != std::string::npos;
    const bool is_run = text_of(entry.path() / "run_test.cpp").find("Ends::asleep") != std::string::npos;
    EXPECT_EQ(sleeps, is_run) << entry.path();
  }
  EXPECT_EQ(exercises, 12);
  EXPECT_NE(text_of("w/sleeping_worker/run_test.cpp").find("{\"sleeps\", sleeps, racecourse::lab::Ends::asleep}"),
            std::string::npos);
  fs::current_path("w");
  EXPECT_NE(command("lab").output.find("test it       two_withdrawals/test.cpp, if you like"), std::string::npos);
}

TEST_F(Lab, ATestMayNotReachForMoreThanTheCodeUnderTest) {
  using racecourse::lab::why_test_refused;
  EXPECT_EQ(why_test_refused("#include <thread>\nvoid test() { std::thread reopen; }", ""), "");
  EXPECT_EQ(why_test_refused("void test() { open (\"my_account.h\", 0); }", ""), "it opens files, which no test needs");
  EXPECT_EQ(why_test_refused("void test() { std::basic_ifstream<char>(\"a\"); std::ifstream{\"a\"}; }", ""),
            "it opens files, which no test needs");
  EXPECT_EQ(why_test_refused("void test() { auto* read = &std::fopen; }", ""), "it opens files, which no test needs");
  EXPECT_EQ(why_test_refused("void test() { _exit(0); }", ""), "it ends the program, or steps out of it");
  EXPECT_NE(why_test_refused("#include \"checks.cpp\"\nvoid test() {}", ""), "");
}

TEST_F(Lab, WhoUsesNamespaceStdDoesNotAddToIt) {
  using racecourse::lab::why_refused;
  EXPECT_EQ(why_refused("using namespace std;\nusing namespace std::chrono_literals;\nstruct A { int a; };", ""), "");
  for (const char* adds :
       {"namespace std { }", "namespace std <% %>", "namespace std::chrono\n{ }", "namespace [[maybe_unused]] std{}"}) {
    EXPECT_EQ(why_refused(adds, ""), "it adds to namespace std") << adds;
  }
}

TEST_F(Lab, TheChosenExercisesInTheOrderOfTheCourse) {
  ASSERT_EQ(command("lab start w --labs spin_lock,two_withdrawals").exit_code, 0);
  EXPECT_TRUE(fs::exists("w/spin_lock/my_lock.h"));
  EXPECT_FALSE(fs::exists("w/permits"));
  fs::current_path("w");
  EXPECT_NE(command("lab").output.find("0 of 2\n\ntwo_withdrawals"), std::string::npos);
  EXPECT_NE(command("lab skip").output.find("0 of 2\n\nspin_lock"), std::string::npos);
  EXPECT_NE(command("lab skip").output.find("0 of 2\n\ntwo_withdrawals"), std::string::npos)
      << "what was skipped is last";
  EXPECT_NE(command("lab list").output.find("spin_lock       skipped 2"), std::string::npos);
}

TEST_F(Lab, HintsComeOneAtATime) {
  EXPECT_EQ(command("lab start w --labs two_withdrawals").output.find("1 exercise is in w. Go there:"), 0u);
  fs::current_path("w");
  EXPECT_EQ(command("lab hint").output.find("Hint 2 of 3"), std::string::npos);
  EXPECT_NE(command("lab hint").output.find("Hint 2 of 3"), std::string::npos);
  EXPECT_NE(command("lab hint").output.find("Hint 3 of 3"), std::string::npos);
  EXPECT_EQ(command("lab hint").exit_code, 0);
}

TEST_F(Lab, WhatIsRightToJudgeComesFromTheDeclarations) {
  ASSERT_EQ(command("lab start w --labs two_withdrawals").exit_code, 0);
  fs::current_path("w");
  const fs::path answers = "two_withdrawals/answers.txt";
  EXPECT_NE(command("lab judge").output.find("0 of 9 questions"), std::string::npos);
  EXPECT_FALSE(std::regex_search(text_of(answers), std::regex(":[ \t]*(yes|no|sometimes)"))) << "questions only";
  const std::string outcomes = "data-race: yes\nassertion: yes\nexception: no\ndeadlock: no\nlost-wakeup: no\n";
  const std::string checkers = "explore: yes\ntsan: yes\nproperty: yes\n";
  std::ofstream(answers) << outcomes << checkers << "relacy: no  # a remark\n";
  const Ended right = command("lab judge");
  EXPECT_EQ(right.exit_code, 0) << right.output;
  EXPECT_NE(right.output.find("9 of 9 right"), std::string::npos) << right.output;
  EXPECT_NE(right.output.find("it is: no         the balance is plain data,"), std::string::npos);
  std::ofstream(answers) << outcomes << checkers << "relacy: sometimes\n";
  const Ended wrong = command("lab judge");
  EXPECT_EQ(wrong.exit_code, 1);
  EXPECT_NE(wrong.output.find("NO   relacy       you: sometimes  it is: no"), std::string::npos) << wrong.output;
  EXPECT_EQ(command("lab grade . --parts judge --out r.json --csv c.csv").exit_code, 0);
  EXPECT_NE(text_of("r.json").find("\"name\": \"two_withdrawals: judge it\""), std::string::npos);
  EXPECT_NE(text_of("r.json").find("\"visibility\": \"after_due_date\""), std::string::npos);
  EXPECT_NE(text_of("c.csv").find(",two_withdrawals,n/a,1,2,n/a,n/a,n/a,n/a,n/a,1,"), std::string::npos)
      << text_of("c.csv");
  std::ofstream(answers) << "deadlock: perhaps\n";
  expect_refused("judge", "line 1 of answers.txt is no answer");
  EXPECT_EQ(command("lab reset").exit_code, 0);
  EXPECT_NE(command("lab judge").output.find("0 of 9 questions"), std::string::npos);
}

TEST_F(Lab, AResetKeepsWhatWasThere) {
  ASSERT_EQ(command("lab start w --labs two_withdrawals").exit_code, 0);
  fs::current_path("w/two_withdrawals");
  const std::string starter = text_of("my_account.h");
  std::ofstream("my_account.h") << "mine";
  EXPECT_EQ(command("lab reset").exit_code, 0);
  EXPECT_EQ(text_of("my_account.h"), starter);
  EXPECT_EQ(text_of("my_account.h.before_reset"), "mine");
  const std::string test = text_of("test.cpp");
  std::ofstream("test.cpp") << "my test";
  EXPECT_EQ(command("lab reset").exit_code, 0);
  EXPECT_EQ(text_of("test.cpp"), test);
  EXPECT_EQ(text_of("test.cpp.before_reset"), "my test");
}

TEST_F(Lab, MistakesAreNamed) {
  expect_refused("", "lab start DIR");
  expect_refused("check", "no lab in this folder");
  expect_refused("start w --labs two_withdrawls", "did you mean two_withdrawals?");
  expect_refused("start w --language xx", "no texts in \"xx\"");
  expect_refused("start /etc", "not empty");
  expect_refused("start /proc/nothing/w", "/proc/nothing");
  expect_refused("frobnicate", "frobnicate");
  ASSERT_EQ(command("lab start w --labs two_withdrawals").exit_code, 0);
  expect_refused("start w", "not empty");
  fs::current_path("w");
  expect_refused("hint permits", "not in this workspace");
  expect_refused("step", "no check has failed");
  expect_refused("step --play", "no check has failed");
  expect_refused("step --schedule \"1 1\"", "--play");
  expect_refused("grade . --parts mend,brake", "no part of an exercise is called \"brake\"");
  expect_refused("replay two_withdrawals --check x --token r1:0000.1x1", "not built");
  ASSERT_EQ(command("lab start ../race --labs quick_look").exit_code, 0);
  fs::current_path("../race");
  expect_refused("play", "every order shows");
  fs::current_path("../w");
  fs::remove("two_withdrawals/my_account.h");
  expect_refused("check", "lab reset two_withdrawals");
  std::ofstream(".racecourse-lab.json") << "{}";
  expect_refused("", "cannot be understood");
}

// No line of what a student reads is wider than a terminal, whatever the language.
TEST_F(Lab, FitsATerminal) {
  const auto expect_narrow = [](const std::string& text, const std::string& whose) {
    for (const std::string& line : racecourse::command::lines_of(text)) {
      EXPECT_LE(racecourse::lab::columns_of(line), racecourse::lab::kTerminal) << whose << ": " << line;
    }
  };
  for (const std::string language : {"en", "zh_TW"}) {
    ASSERT_EQ(command("lab start " + language + " --language " + language).exit_code, 0);
    fs::current_path(language);
    expect_narrow(text_of("README.md"), "README.md");
    for (const auto& entry : fs::directory_iterator(".")) {
      if (!fs::exists(entry.path() / "STORY.md")) continue;
      expect_narrow(text_of(entry.path() / "STORY.md"), entry.path());
      expect_narrow(text_of(entry.path() / "answers.txt"), entry.path());
      for (int hint = 1; hint < 3; hint++) command("lab hint " + entry.path().filename().string());
      expect_narrow(command("lab hint " + entry.path().filename().string()).output, "hint");
    }
    std::ofstream("two_withdrawals/answers.txt")
        << std::regex_replace(text_of("two_withdrawals/answers.txt"), std::regex(":\n"), ": sometimes\n");
    for (const char* words : {"", "list", "next", "skip", "judge two_withdrawals", "--help"}) {
      expect_narrow(command(std::string("lab ") + words).output, words);
    }
    fs::current_path(place_);
  }
}

TEST_F(Lab, SpeaksTheLanguageThatWasAskedFor) {
  ASSERT_EQ(command("lab start w --language zh_TW").exit_code, 0);
  fs::current_path("w");
  EXPECT_NE(command("lab").output.find("two_withdrawals: 兩筆提款\n  故事          two_withdrawals/STORY.md"),
            std::string::npos);
  EXPECT_NE(command("lab hint").output.find("提示 1 / 3："), std::string::npos);
  EXPECT_NE(text_of("two_withdrawals/STORY.md").find("`two_withdraw`: 從 1000 各提 800 的兩筆，有一筆成功"),
            std::string::npos);
  EXPECT_NE(text_of("two_withdrawals/answers.txt").find("在每個冒號後面寫 yes 或 no。"), std::string::npos);
  EXPECT_NE(text_of("README.md").find("你做到哪裡"), std::string::npos);
  EXPECT_NE(text_of("parked_lock/STORY.md").find("# "), std::string::npos) << "what is not translated is English";
  // An empty form is no work, in any language.
  EXPECT_EQ(command("lab grade . --labs two_withdrawals --parts judge --out r.json").exit_code, 0);
  EXPECT_NE(text_of("r.json").find("no answers are handed in"), std::string::npos);
}

TEST_F(Lab, EveryTextIsThereInEveryLanguageAndNoneTellsTheSolution) {
  const Ended ended = command("lab verify --texts");
  EXPECT_EQ(ended.exit_code, 0) << ended.output;
}

using racecourse::lab::columns_of, racecourse::lab::wrapped;

TEST(Paragraph, BreaksAtSpaces) {
  EXPECT_EQ(wrapped("one two three", 7), "one two\nthree\n");
  EXPECT_EQ(wrapped("one two three", 7, "  "), "one two\n  three\n");
  EXPECT_EQ(wrapped("one two three", 7, "  ", 4), "one\n  two\n  three\n");
  EXPECT_EQ(wrapped("unbreakable", 4), "unbreakable\n");
  EXPECT_EQ(wrapped("", 4), "\n");
}

TEST(Paragraph, BreaksBesideWideCharactersButNotAroundPunctuation) {
  EXPECT_EQ(columns_of("鎖 a"), 4u);
  EXPECT_EQ(columns_of("\xff\xe9"), 2u) << "no UTF-8";
  EXPECT_EQ(wrapped("兩個執行緒", 6), "兩個執\n行緒\n");
  EXPECT_EQ(wrapped("兩個，三個", 4), "兩\n個，\n三個\n");
  EXPECT_EQ(wrapped("讀「寫」", 4), "讀\n「寫」\n");
  EXPECT_EQ(wrapped("用 mutex 鎖", 5), "用\nmutex\n鎖\n");
}

// As after a success.
std::string diff_text(const std::string& before, const std::string& after, std::size_t context, bool colour = false) {
  using namespace racecourse::command;
  return to_text(diff(lines_of(before), lines_of(after)),
                 {.context = context, .colour = colour, .dots_at_the_end = false});
}

TEST(Diff, MarksTheFewestLines) {
  EXPECT_EQ(diff_text("a\nb\nc\n", "a\nx\nc\n", 1), "  a\n- b\n+ x\n  c\n");
  EXPECT_EQ(diff_text("a\nb\nc\nd\n", "a\nb\nc\nd\ne\n", 1), "  ...\n  d\n+ e\n");
  EXPECT_EQ(diff_text("same\n", "same\n", 1), "");
  EXPECT_EQ(diff_text("", "new\n", 1), "+ new\n");
}

TEST(Diff, HasColoursAndNoSpacesAtTheEndOfALine) {
  EXPECT_EQ(diff_text("a\nb\n", "a\n\n", 1, true), "  a\n\033[31m- b\033[0m\n\033[32m+\033[0m\n");
}

}  // namespace
