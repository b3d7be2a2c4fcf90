#include <gtest/gtest.h>
#include <racecourse/checkers/report/picture.h>
#include <racecourse/checkers/report/text.h>

#include <string>
#include <vector>

#include "synthetic.h"

namespace racecourse::report {
namespace {

Row step(std::uint16_t thread, Cell cell, std::string where = "", std::string why = "") {
  Row row;
  row.thread = thread;
  row.cell = std::move(cell);
  row.where = std::move(where);
  row.why = std::move(why);
  return row;
}

TEST(Picture, AColumnPerThread) {
  const std::vector<Row> rows = {
      step(1, {"read  ", "balance", " -> 1000"}, "account.h:2", "checks balance >= amount"),
      step(2, {"read  ", "balance", " -> 1000"}, "account.h:2", "switch: T1 preempted"),
      step(2, {"write ", "balance", " <- 200"}, "account.h:3"),
      step(1, {"write ", "balance", " <- -600"}, "account.h:3", "switch: T2 ended"),
      {Row::Form::finding, 0, {}, "", "assertion: balance >= 0 (account_test.cpp:12)"},
  };
  EXPECT_EQ(draw(rows, {{1, "T1"}, {2, "T2"}}),
            R"(step  T1                     T2                     where        why
  1   read  balance -> 1000                         account.h:2  checks balance >= amount
  2                          read  balance -> 1000  account.h:2  switch: T1 preempted
  3                          write balance <- 200   account.h:3
  4   write balance <- -600                         account.h:3  switch: T2 ended
  !   assertion: balance >= 0 (account_test.cpp:12)
)");
}

TEST(Picture, NeverWiderThanThePageWhateverIsInIt) {
  for (int threads = 1; threads <= 9; ++threads) {
    std::vector<Row> rows;
    std::vector<Column> columns;
    for (int i = 0; i < threads; ++i) {
      const auto thread = static_cast<std::uint16_t>(i);
      columns.push_back({thread, "T" + std::to_string(i) + " (a_long_thread_name)"});
      rows.push_back(step(thread, {"write ", std::string(70, 'n'), " <- -9223372036854775808"},
                          "a_rather_long_file_name_of_a_test.cpp:12345",
                          "switch: T1 waits for " + std::string(60, 'm') + "; checks something quite long too"));
    }
    rows.push_back({Row::Form::finding, 0, {}, "", std::string(300, 'x')});
    const std::string picture = draw(rows, columns);
    EXPECT_LE(widest_line(picture), kPageWidth) << picture;
  }
}

TEST(Picture, ClipsNamesAndKeepsValues) {
  std::vector<Row> rows;
  std::vector<Column> columns;
  for (std::uint16_t thread = 1; thread <= 4; ++thread) {
    columns.push_back({thread, thread == 1 ? "T1" : "Tn"});
    rows.push_back(
        step(thread, {"write ", "the_number_of_open_connections", " <- 1234567"}, "", "switch: T1 preempted"));
  }
  const std::string picture = draw(rows, columns);
  EXPECT_LE(widest_line(picture), kPageWidth) << picture;
  std::size_t values = 0;
  for (std::size_t at = picture.find("<- 1234567"); at != std::string::npos; at = picture.find("<- 1234567", at + 1))
    ++values;
  EXPECT_EQ(values, 4u) << picture;
}

TEST(Picture, MoreThanFourThreadsShareOneColumn) {
  std::vector<Row> rows;
  std::vector<Column> columns;
  for (std::uint16_t thread = 1; thread <= 5; ++thread) {
    columns.push_back({thread, "T" + std::to_string(thread)});
    rows.push_back(step(thread, {"lock  ", "m", ""}));
  }
  const std::string picture = draw(rows, columns);
  EXPECT_NE(picture.find("step  thread"), std::string::npos) << picture;
  EXPECT_NE(picture.find("  5   T5      lock  m"), std::string::npos) << picture;
}

}  // namespace
}  // namespace racecourse::report
