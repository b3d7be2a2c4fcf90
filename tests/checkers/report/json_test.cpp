#include <gtest/gtest.h>
#include <racecourse/checkers/report/json.h>

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

namespace racecourse::report {
namespace {

Finding example() {
  Finding finding;
  finding.kind = Kind::self_deadlock;
  finding.message = "T1 locks \"mutex_\", which it already holds\n";
  finding.file = "bank/account.h";
  finding.line = 31;
  finding.execution = 12'345'678'901;
  finding.token = "r1:7f3a.1x1";
  finding.replay_command = "racecourse replay x --token r1:7f3a.1x1";
  finding.picture = "step  T1\n  1   lock  mutex_\n";
  finding.report = "all of it";
  finding.also = {Kind::data_race, Kind::leak};
  return finding;
}

TEST(Json, FieldNamesAreStable) {
  const nlohmann::json json = to_json(example());
  EXPECT_EQ(json.size(), 10u);
  EXPECT_EQ(json.at("kind"), "self-deadlock");
  EXPECT_EQ(json.at("line"), 31);
  EXPECT_EQ(json.at("also"), (nlohmann::json{"data-race", "leak"}));
  for (const char* name : {"message", "file", "execution", "token", "replay_command", "picture", "report"}) {
    EXPECT_TRUE(json.contains(name)) << name;
  }
}

TEST(Json, RoundTrip) {
  const Finding finding = example();
  const Finding read = finding_from_json(nlohmann::json::parse(to_json(finding).dump()));
  EXPECT_EQ(to_json(read), to_json(finding));
  EXPECT_EQ(read.execution, finding.execution);
  EXPECT_EQ(read.also, finding.also);
}

TEST(Json, BytesThatAreNotUtf8DoNotThrow) {
  Finding finding = example();
  finding.message = "caf\xe9";
  EXPECT_NO_THROW(to_json(finding).dump());
}

TEST(Json, RefusesOtherInput) {
  nlohmann::json json = to_json(example());
  json["kind"] = "bad-luck";
  EXPECT_THROW(finding_from_json(json), std::invalid_argument);
  json = to_json(example());
  json.erase("token");
  EXPECT_THROW(finding_from_json(json), std::invalid_argument);
  EXPECT_THROW(finding_from_json(nlohmann::json::array()), std::invalid_argument);
}

}  // namespace
}  // namespace racecourse::report
