// GoogleTest: verdicts become failures of the running test, and failed assertions inside a body become findings.
//
// Every failed EXPECT or ASSERT passes through AssertHelper::operator=. The linker is told to send it here
// (--wrap=_ZNK7testing8internal12AssertHelperaSERKNS_7MessageE): GoogleTest takes locks of its own there, which must
// not become scheduling points of the body, and an execution must not be ended while it holds them. So its result is
// only collected there, and acted on once GoogleTest is done.
//
// Collecting replaces whatever else would have received the result: a body's failure is a finding even if the call of
// explore() stands inside EXPECT_NONFATAL_FAILURE, which then sees explore()'s own failure.
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>
#include <racecourse/checkers/hooks.h>

#include <cstdlib>
#include <string>
#include <vector>

namespace racecourse {
namespace {

bool controlled() { return in_controlled_body != nullptr && in_controlled_body(); }

// Does not return if the result is a failure.
void judge(const testing::TestPartResult& result) {
  if (result.failed()) assertion_failed(result.file_name(), result.line_number(), result.message());
}

class Listener : public testing::EmptyTestEventListener {
  void OnTestStart(const testing::TestInfo&) override { test_begins(); }

  // Reported without AssertHelper, by code that calls the framework's internals.
  void OnTestPartResult(const testing::TestPartResult& result) override {
    if (controlled()) judge(result);
  }
};

std::string running_test() {
  const testing::TestInfo* info = testing::UnitTest::GetInstance()->current_test_info();
  return info != nullptr ? std::string(info->test_suite_name()) + "." + info->name() : std::string();
}

void fail_test(const char* file, int line, const std::string& report) {
  testing::internal::AssertHelper(testing::TestPartResult::kNonFatalFailure, file, line, report.c_str()) =
      testing::Message();
}

std::string filter_argument(const std::string& test) { return "--gtest_filter=" + test; }

void prepare_rerun(std::vector<std::string>& arguments) {
  // Later arguments win.
  for (const char* argument : {"--gtest_repeat=1", "--gtest_shuffle=0", "--gtest_output=", "--gtest_break_on_failure=0",
                               "--gtest_also_run_disabled_tests"}) {
    arguments.emplace_back(argument);
  }
  for (const char* variable : {"GTEST_TOTAL_SHARDS", "GTEST_SHARD_INDEX", "GTEST_SHARD_STATUS_FILE", "GTEST_OUTPUT",
                               "TEST_PREMATURE_EXIT_FILE"}) {
    unsetenv(variable);
  }
}

[[gnu::constructor]] void connect() {
  set_hooks({running_test, fail_test, filter_argument, prepare_rerun});
  testing::UnitTest::GetInstance()->listeners().Append(new Listener);
}

}  // namespace
}  // namespace racecourse

extern "C" {

using testing::Message;
using testing::internal::AssertHelper;

// NOLINTBEGIN(bugprone-reserved-identifier): the names that --wrap gives
void __real__ZNK7testing8internal12AssertHelperaSERKNS_7MessageE(const AssertHelper* helper, const Message& message);

void __wrap__ZNK7testing8internal12AssertHelperaSERKNS_7MessageE(const AssertHelper* helper, const Message& message) {
  using namespace racecourse;
  if (!controlled()) {
    __real__ZNK7testing8internal12AssertHelperaSERKNS_7MessageE(helper, message);
    return;
  }
  framework_enters();
  testing::TestPartResultArray results;
  {
    using Reporter = testing::ScopedFakeTestPartResultReporter;
    const Reporter reporter(Reporter::INTERCEPT_ONLY_CURRENT_THREAD, &results);
    __real__ZNK7testing8internal12AssertHelperaSERKNS_7MessageE(helper, message);
  }
  framework_leaves();
  for (int i = 0; i < results.size(); i++) judge(results.GetTestPartResult(i));
}
// NOLINTEND(bugprone-reserved-identifier)

}  // extern "C"
