#include <racecourse/checkers/property/holds_under.h>
#include <rapidcheck.h>

#include <utility>

namespace racecourse::property {
namespace {

std::optional<Failure>& failure() {
  static std::optional<Failure> last;
  return last;
}

std::uint64_t tried = 0;

}  // namespace

Verdict holds_under(const std::function<void()>& body, const schedule::Schedule& schedule, Options options) {
  options.token = schedule::to_token(schedule);
  ++tried;
  Verdict verdict = search(body, options);
  if (verdict.finding) failure() = Failure{*verdict.finding, schedule};
  return verdict;
}

void require_holds(const std::function<void()>& body, const schedule::Schedule& schedule, Options options) {
  const Verdict verdict = holds_under(body, schedule, std::move(options));
  if (verdict.finding) RC_FAIL(std::string(to_string(verdict.finding->kind)) + ": " + verdict.finding->message);
  if (verdict.state == State::unreliable) RC_FAIL(verdict.text);
}

const std::optional<Failure>& last_failure() { return failure(); }
void forget_last_failure() { failure().reset(); }
std::uint64_t schedules_tried() { return tried; }

}  // namespace racecourse::property
