// The code of a variant, and what differs between two.
#include <gtest/gtest.h>
#include <racecourse/scenarios/racecourse/line_diff.h>
#include <racecourse/scenarios/racecourse/play_screen.h>
#include <racecourse/scenarios/racecourse/source_code.h>

namespace racecourse::command {
namespace {

constexpr const char* kFile = R"(// What this is.
//
// More of it.
#include <mutex>

// Takes both.
template <class Lock>
void takes_both(Lock& lock) {
  if (lock.left) {
    lock.take();  // BUG: one by one
  }
}

struct Pair {
  int left;
};

int twice(int x) { return 2 * x; }

bool takes_all(int a,
               int b) {
  return takes_both(a);
}

const ScenarioRegistration registration{{
    .variants = {broken("one_by_one", "Takes one, "
                        "then (the \"other\").", takes_both<Pair>, {}),
                 with(quickly(), wrong_fix("later", "Waits.", "Not enough.", takes_all, {})),
                 right("at_once", "Takes both.", takes_all)},
}};
)";

TEST(SourceCode, Definitions) {
  EXPECT_EQ(definition_of("Pair", kFile), "struct Pair {\n  int left;\n};\n");
  EXPECT_EQ(definition_of("twice", kFile), "int twice(int x) { return 2 * x; }\n");
  EXPECT_EQ(definition_of("takes_both", kFile).substr(0, 37), "// Takes both.\ntemplate <class Lock>\n");
  EXPECT_EQ(definition_of("takes_all", kFile),
            "bool takes_all(int a,\n               int b) {\n  return takes_both(a);\n}\n");
  EXPECT_EQ(definition_of("nobody", kFile), "");
}

TEST(SourceCode, Bodies) {
  EXPECT_EQ(body_of("one_by_one", kFile), (std::vector<std::string>{"takes_both", "Pair"}));
  EXPECT_EQ(body_of("later", kFile), (std::vector<std::string>{"takes_all"}));
  EXPECT_EQ(body_of("at_once", kFile), (std::vector<std::string>{"takes_all"}));
  EXPECT_TRUE(body_of("nobody", kFile).empty());
}

TEST(SourceCode, Comments) {
  EXPECT_EQ(opening_comment(kFile), "What this is.\n\nMore of it.\n");
  EXPECT_EQ(after_opening_comment("// only this\n"), "");
  EXPECT_EQ(after_opening_comment("// only this"), "");
  EXPECT_EQ(after_opening_comment("// this\nint x;\n"), "int x;\n");
  EXPECT_EQ(without_marks("  take();  // BUG: one by one\n  give();\n"), "  take();\n  give();\n");
}

TEST(LineDiff, FewestLines) {
  const auto change = diff({"a", "b", "c", "d"}, {"a", "x", "c", "d", "e"});
  EXPECT_EQ(changed_lines(change), 3u);
  EXPECT_EQ(to_text(change, {.context = 1}), "  a\n- b\n+ x\n  c\n  d\n+ e\n");
  EXPECT_EQ(changed_lines(diff({"a"}, {"a"})), 0u);
  EXPECT_EQ(to_text(diff({}, {"a"})), "+ a\n");
}

TEST(LineDiff, WhatIsFarFromAChangeIsLeftOut) {
  EXPECT_EQ(to_text(diff({"1", "2", "3", "4", "5", "6"}, {"1", "2", "3", "4", "5", "7"}), {.context = 1}),
            "  ...\n  5\n- 6\n+ 7\n");
}

TEST(Lecture, AStepAtATime) {
  const auto parts =
      parts_of("step  T1      why\n  1   read x  checks\n              x\n  !   data-race: x\n      (a.h:1)\n");
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_EQ(parts[1], "  1   read x  checks\n              x\n");
  EXPECT_EQ(parts[2], "  !   data-race: x\n      (a.h:1)\n");
}

}  // namespace
}  // namespace racecourse::command
