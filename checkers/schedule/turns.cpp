#include <racecourse/checkers/schedule/turns.h>

namespace racecourse::schedule {

namespace {

// So many executions with something new weigh as much as none: few say little.
constexpr double kFew = 10;

}  // namespace

void Turns::share(const TurnScores& scores) {
  double executions = 0, novel = 0, own = 0, found = 0;
  for (const TurnScores::Score& score : scores.of) {
    executions += static_cast<double>(score.executions);
    novel += static_cast<double>(score.novel);
  }
  // How often something was new; where nothing is known, as often as on average.
  const auto rate = [&](std::size_t turn) {
    const TurnScores::Score& score = scores.of[turn];
    if (score.executions == 0) return executions == 0 ? 1 : novel / executions;
    return static_cast<double>(score.novel) / static_cast<double>(score.executions);
  };
  for (std::size_t turn = 0; turn < own_.size(); ++turn) {
    own += own_[turn];
    found += own_[turn] * rate(turn);
  }
  const double to_finders = found == 0 ? 0 : novel / (novel + kFew) / 2;
  double sum = 0;
  for (std::size_t turn = 0; turn < own_.size(); ++turn) {
    sum += own_[turn] / own * (1 - to_finders);
    if (to_finders > 0) sum += own_[turn] * rate(turn) / found * to_finders;
    up_to_[turn] = sum > 1 - 1e-9 ? 0xffffffff : static_cast<std::uint32_t>(sum * 0x1p32);
  }
}

double Turns::share_of(std::uint32_t turn) const {
  return (up_to_[turn] - (turn == 0 ? 0.0 : up_to_[turn - 1])) / 0x1p32;
}

}  // namespace racecourse::schedule
