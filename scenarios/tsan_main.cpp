#include <racecourse/scenarios/runner.h>

using namespace racecourse::catalogue;

int main(int argc, char** argv) {
  Runner runner;
  runner.checkers[Checker::tsan] = [](const Request& request) { return run_body(Checker::tsan, request); };
  return runner_main(argc, argv, runner);
}
