#include <gtest/gtest.h>
#include <racecourse/scenarios/racecourse/suggest.h>

namespace racecourse::command {
namespace {

const std::vector<std::string> kNames = {"account", "account/check_then_act", "account/locked", "lock", "lock/ticket"};

TEST(Suggest, NearestByLetters) {
  EXPECT_EQ(nearest("acount", kNames), "account");
  EXPECT_EQ(nearest("lokc", kNames), "lock");
  EXPECT_EQ(nearest("account/check_then_at", kNames), "account/check_then_act");
}

TEST(Suggest, AVariantAloneIsEnough) { EXPECT_EQ(nearest("tickets", kNames), "lock/ticket"); }

TEST(Suggest, ABeginningIsEnough) {
  EXPECT_EQ(nearest("account/chek", kNames), "account/check_then_act");
  EXPECT_EQ(nearest("check_than", kNames), "account/check_then_act");
  EXPECT_EQ(nearest("acc", kNames), "account");
}

TEST(Suggest, NothingNearIsNothing) {
  EXPECT_EQ(nearest("philosophers_dining", kNames), "");
  EXPECT_EQ(did_you_mean("philosophers_dining", kNames), "");
}

}  // namespace
}  // namespace racecourse::command
