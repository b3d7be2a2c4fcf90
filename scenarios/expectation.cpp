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

}  // namespace racecourse::catalogue
