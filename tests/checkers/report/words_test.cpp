// Small pieces of text: function names, values, paths, line breaking.
#include <gtest/gtest.h>
#include <racecourse/checkers/report/demangle.h>
#include <racecourse/checkers/report/paths.h>
#include <racecourse/checkers/report/text.h>
#include <racecourse/checkers/report/value_text.h>

#include <string>
#include <vector>

namespace racecourse::report {
namespace {

TEST(Shorten, FunctionNames) {
  EXPECT_EQ(shorten("Account::withdraw(int)"), "Account::withdraw");
  EXPECT_EQ(shorten("Queue<int>::push(int) const"), "Queue<int>::push");
  EXPECT_EQ(shorten("void transfer<Account>(Account&, Account&)"), "transfer<Account>");
  EXPECT_EQ(shorten("main::{lambda()#1}::operator()() const"), "main::{lambda}");
  EXPECT_EQ(shorten("main::$_0::operator()() const"), "main::{lambda}");
  EXPECT_EQ(shorten("(anonymous namespace)::helper(int)"), "{anonymous}::helper");
  EXPECT_EQ(shorten("std::vector<int, std::allocator<int> >::push_back(int&&)"), "std::vector<int>::push_back");
  EXPECT_EQ(shorten("f(std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> > const&)"), "f");
  EXPECT_EQ(shorten("Set<std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> > >::add()"),
            "Set<std::string>::add");
  EXPECT_EQ(shorten("Callback::operator()(int) const"), "Callback::operator()");
  EXPECT_EQ(shorten("bank::counter"), "bank::counter");
}

TEST(Demangle, LeavesOtherTextAlone) {
  EXPECT_EQ(demangle("_ZN7Account8withdrawEi"), "Account::withdraw(int)");
  EXPECT_EQ(demangle("main"), "main");
  EXPECT_EQ(demangle("m"), "m");  // the code of `unsigned long`
  EXPECT_EQ(demangle("St"), "St");
}

TEST(Value, ByType) {
  using Form = ValueType::Form;
  EXPECT_EQ(value_text({}, 4, 0xfffffda8u), "-600");
  EXPECT_EQ(value_text({Form::unsigned_integer, 4, {}}, 4, 0xffffffffu), "4294967295");
  EXPECT_EQ(value_text({Form::boolean, 1, {}}, 1, 1), "true");
  EXPECT_EQ(value_text({}, 1, 0), "false");
  EXPECT_EQ(value_text({Form::signed_integer, 1, {}}, 1, 0xff), "-1");
  EXPECT_EQ(value_text({Form::character, 1, {}}, 1, 'x'), "'x'");
  EXPECT_EQ(value_text({Form::floating, 8, {}}, 8, 0x3ff8000000000000u), "1.5");
  EXPECT_EQ(value_text({Form::enumeration, 4, {{1, "held"}}}, 4, 1), "held");
  EXPECT_EQ(value_text({Form::enumeration, 4, {{1, "held"}}}, 4, 2), "2");
}

TEST(Value, Durations) {
  EXPECT_EQ(duration_text(300), "300 ns");
  EXPECT_EQ(duration_text(20'000'000), "20 ms");
  EXPECT_EQ(duration_text(1'500'000'000), "1.5 s");
}

TEST(Paths, NoPathsOfTheMachine) {
  EXPECT_EQ(readable_path("/home/someone/project/bank/account.h", "/home/someone/project"), "bank/account.h");
  EXPECT_EQ(readable_path("/home/someone/project/bank/account.h", "/elsewhere"), "bank/account.h");
  EXPECT_EQ(readable_path("/home/someone/project/src/bank/account.h", "/home/someone/project"), "src/bank/account.h");
  EXPECT_EQ(readable_path("../bank/account.h", ""), "bank/account.h");
  EXPECT_EQ(readable_path("/account.h", "/"), "account.h");
}

TEST(Text, WrapsAtSpaces) {
  EXPECT_EQ(wrapped("one two three", 7), (std::vector<std::string>{"one two", "three"}));
  EXPECT_EQ(wrapped("abcdefgh", 3), (std::vector<std::string>{"abc", "def", "gh"}));
  EXPECT_EQ(wrapped("", 5), std::vector<std::string>{""});
  EXPECT_EQ(clipped("abcdefgh", 5), "abc..");
  EXPECT_EQ(one_line(" a\n  b\t"), "a b");
}

}  // namespace
}  // namespace racecourse::report
