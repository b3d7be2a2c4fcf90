#include <racecourse/scenarios/scenario.h>

#include <utility>

namespace racecourse::catalogue {

const char* to_string(Checker checker) {
  switch (checker) {
    case Checker::explore:
      return "explore";
    case Checker::tsan:
      return "tsan";
    case Checker::property:
      return "property";
    case Checker::relacy:
      return "relacy";
    case Checker::proof:
      return "proof";
  }
  return "unknown";
}

const char* to_string(Outcome::Is is) {
  switch (is) {
    case Outcome::Is::forbidden:
      return "forbidden";
    case Outcome::Is::acceptable:
      return "acceptable";
    case Outcome::Is::interesting:
      return "interesting";
  }
  return "unknown";
}

Expectation finds(Kind kind, std::vector<Kind> allowed) {
  return {Expectation::Says::finding, kind, std::move(allowed), ""};
}

Expectation finds_nothing() { return {Expectation::Says::nothing, {}, {}, ""}; }

Expectation cannot_see(std::string reason) { return {Expectation::Says::cannot_see, {}, {}, std::move(reason)}; }

Expectation may_find(Kind kind, std::string reason, std::vector<Kind> allowed) {
  return {Expectation::Says::may_find, kind, std::move(allowed), std::move(reason)};
}

Expectation false_alarm(Kind kind, std::string reason) {
  return {Expectation::Says::false_alarm, kind, {}, std::move(reason)};
}

Expectation not_run(std::string reason) { return {Expectation::Says::not_run, {}, {}, std::move(reason)}; }

Expectation proves(std::string size) { return proves_up_to(-1, std::move(size)); }

Expectation proves_up_to(int preemptions, std::string size) {
  return {Expectation::Says::proved, {}, {}, std::move(size), preemptions};
}

}  // namespace racecourse::catalogue
