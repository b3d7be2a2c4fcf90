// A run in shards, and what `racecourse merge` makes of them.
#include <gtest/gtest.h>
#include <racecourse/tests/scenarios/command.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace {

using Json = nlohmann::json;

using racecourse::test::command;
using racecourse::test::Ended;

class Merge : public testing::Test {
 protected:
  ~Merge() override {
    for (const std::string& file : files_) std::remove(file.c_str());
  }

  // Runs the shard, and returns the file that holds its rows.
  std::string shard(const std::string& which, const std::string& arguments) {
    const Ended ended = command("run " + arguments + " --jobs 1 --json --shard " + which);
    EXPECT_EQ(ended.exit_code, 0) << ended.output;
    return file(ended.output);
  }
  std::string file(const std::string& text) {
    std::string name = testing::TempDir() + "merge_test." + std::to_string(files_.size()) + ".XXXXXX";
    close(mkstemp(name.data()));
    std::ofstream(name) << text;
    files_.push_back(name);
    return name;
  }
  static void expect_refused(const std::string& arguments, const std::string& named) {
    const Ended ended = command("merge " + arguments + " 2>&1");
    EXPECT_EQ(ended.exit_code, 2);
    EXPECT_EQ(ended.output.find("racecourse: "), 0u) << ended.output;
    EXPECT_NE(ended.output.find(named), std::string::npos) << ended.output;
  }

 private:
  std::vector<std::string> files_;
};

TEST_F(Merge, AddsUpWhatFoundNothing) {
  const std::string run = "account/locked --checker explore --executions 3001";
  const std::string one = shard("1/3", run), two = shard("2/3", run), three = shard("3/3", run);
  const Ended all = command("merge --json " + one + " " + two + " " + three);
  EXPECT_EQ(all.exit_code, 0) << all.output;
  const Json row = Json::parse(all.output).at(0);
  EXPECT_EQ(row["verdict"], "not-found");
  EXPECT_EQ(row["executions"], 3001);
  EXPECT_EQ(row["text"], "not found: 3,001 executions in 3 of 3 shards (seed 1); this is no proof");
  EXPECT_EQ(row["as_declared"], true);

  const Ended some = command("merge --json " + one + " " + three + " 2>&1");
  EXPECT_EQ(some.exit_code, 1);
  EXPECT_NE(some.output.find("racecourse: shard 2 of 3 is missing, so this is not all of the run"), std::string::npos);
  EXPECT_NE(some.output.find("2,001 executions in 2 of 3 shards"), std::string::npos) << some.output;
}

TEST_F(Merge, TheLowestExecutionWins) {
  const std::string run = "account/check_then_act --checker explore";
  const std::string one = shard("1/2", run), two = shard("2/2", run);
  const Json alone = Json::parse(command("run " + run + " --jobs 1 --json").output).at(0);
  const Json row = Json::parse(command("merge --json " + two + " " + one).output).at(0);
  EXPECT_EQ(row["verdict"], "failed");
  EXPECT_EQ(row["first_catch"], alone["first_catch"]);
  EXPECT_EQ(row["token"], alone["token"]);
  EXPECT_EQ(row["as_declared"], true);
}

// All three come to the end of their parts of the tree. One alone proves nothing, and neither do two.
TEST_F(Merge, ProvesWhatAllPartsShow) {
  const std::string run = "semaphore/counting --checker explore --strategy exhaustive --executions 100000";
  const Json whole = Json::parse(command("run " + run + " --jobs 1 --json").output).at(0);
  ASSERT_EQ(whole["verdict"], "proved") << whole;
  const std::string one = shard("1/3", run), two = shard("2/3", run), three = shard("3/3", run);
  const Json row = Json::parse(command("merge --json " + three + " " + one + " " + two).output).at(0);
  EXPECT_EQ(row["verdict"], "proved") << row;
  EXPECT_GE(row["executions"], whole["executions"]) << "some are given up half way";
  EXPECT_EQ(row["as_declared"], true);
  std::string text = row["text"];
  const std::string added = ", in 3 shards";
  ASSERT_NE(text.find(added), std::string::npos) << text;
  EXPECT_EQ(text.erase(text.find(added), added.size()), whole["text"]);

  const Ended some = command("merge --json " + one + " " + three + " 2>&1");
  EXPECT_EQ(some.exit_code, 1);
  EXPECT_NE(some.output.find("in 2 of 3 shards (seed 1); 2 of the 3 shards came to the end of their parts; this is no"),
            std::string::npos)
      << some.output;
}

// A tree that is too small to be dealt out is explored by each shard, and so is the one execution of one thread: what
// is missing could add nothing to these rows. But it may have others.
TEST_F(Merge, ProvesASmallTreeThoughAShardIsMissing) {
  const std::string run = "account/locked cooperative/run_queue --checker explore --strategy exhaustive";
  const std::string one = shard("1/3", run), two = shard("2/3", run), three = shard("3/3", run);
  const Json whole = Json::parse(command("run " + run + " --jobs 1 --json").output);
  for (const std::string& files : {one + " " + three, three + " " + two, one + " " + two + " " + three}) {
    const Json rows = Json::parse(command("merge --json " + files).output);
    ASSERT_EQ(rows.size(), 2u);
    for (std::size_t i = 0; i < 2; i++) {
      EXPECT_EQ(rows[i]["verdict"], "proved") << rows[i];
      EXPECT_EQ(rows[i]["text"], whole[i]["text"]);
      EXPECT_EQ(rows[i]["as_declared"], true) << rows[i];
    }
  }
  const Ended some = command("merge " + one + " " + three + " 2>&1");
  EXPECT_EQ(some.exit_code, 1);
  EXPECT_NE(some.output.find("2 verdicts, all as declared."), std::string::npos) << some.output;
  EXPECT_NE(some.output.find("racecourse: shard 2 of 3 is missing, so this is not all of the run\n"),
            std::string::npos);
}

TEST_F(Merge, ProvesWhatAllPartsShowWithinABound) {
  const std::string run =
      "semaphore/parking --checker explore --strategy exhaustive --preemptions 2 --executions 100000";
  const Json whole = Json::parse(command("run " + run + " --jobs 1 --json").output).at(0);
  ASSERT_EQ(whole["verdict"], "proved") << whole;
  const std::string one = shard("1/2", run), two = shard("2/2", run);
  const Json row = Json::parse(command("merge --json " + one + " " + two).output).at(0);
  EXPECT_EQ(row["verdict"], "proved") << row;
  std::string text = row["text"];
  const std::string added = ", in 2 shards";
  ASSERT_NE(text.find(added), std::string::npos) << text;
  EXPECT_EQ(text.erase(text.find(added), added.size()), whole["text"]);
}

// A shard whose budget is too small for its part.
TEST_F(Merge, ProvesNothingIfOnePartIsNotAtItsEnd) {
  const std::string run = "semaphore/counting --checker explore --strategy exhaustive --executions ";
  const std::string one = shard("1/2", run + "200"), two = shard("2/2", run + "200");
  const Json row = Json::parse(command("merge --json " + two + " " + one).output).at(0);
  EXPECT_EQ(row["verdict"], "not-found") << row;
}

TEST_F(Merge, AProofInShardsFindsABug) {
  const std::string run = "account/check_then_act --checker explore --strategy exhaustive";
  const Json row = Json::parse(command("merge --json " + shard("1/2", run) + " " + shard("2/2", run)).output).at(0);
  EXPECT_EQ(row["verdict"], "failed") << row;
  EXPECT_EQ(row["as_declared"], true);
}

// Nobody else has execution numbers: the others' cells are dealt out whole.
TEST_F(Merge, DealsOutWhatCannotBeSplit) {
  const std::string run = "lock/ttas lock/ticket --checker property --checker explore --executions 600";
  const std::string one = shard("1/2", run), two = shard("2/2", run);
  const Json rows = Json::parse(command("merge --json " + one + " " + two).output);
  ASSERT_EQ(rows.size(), 4u);
  for (const Json& row : rows) {
    if (row["checker"] == "explore") {
      EXPECT_EQ(row["executions"], 600) << row;
    }
    EXPECT_EQ(row["as_declared"], true) << row;
  }
}

TEST_F(Merge, RefusesWhatDoesNotBelongTogether) {
  const std::string run = "account/locked --checker explore --executions ";
  const std::string one = shard("1/2", run + "600");
  expect_refused(one + " " + one, "are both of shard 1");
  expect_refused(one + " " + shard("2/2", run + "700"), "of different budgets");
  expect_refused(one + " " + shard("2/3", run + "600"), "is of 2 shards");
  expect_refused(one + " " + shard("2/2", run + "600 --seed 2"), "with seed");
  expect_refused(one + " " + shard("2/2", run + "600 --strategy pct"), "of different strategies");
  const std::string exhaustive = "account/locked --checker explore --strategy exhaustive --preemptions ";
  expect_refused(shard("1/2", exhaustive + "1") + " " + shard("2/2", exhaustive + "2"), "of different bounds");
  expect_refused(one + " " + file(command("run account/locked --checker explore --json").output), "--shard I/N");
  expect_refused(one + " " + file("not JSON"), "is not what");
  expect_refused("/nothing/there", "cannot read /nothing/there");
}

TEST_F(Merge, RefusesShardsThatCannotBe) {
  for (const char* shard : {"0/2", "3/2", "2", "1/x", "1/101"}) {
    const Ended ended = command(std::string("run account/locked --shard ") + shard + " 2>&1");
    EXPECT_EQ(ended.exit_code, 2);
    EXPECT_NE(ended.output.find("is not one like 2/3"), std::string::npos) << ended.output;
  }
}

}  // namespace
