#include <racecourse/checkers/schedule/replay.h>
#include <racecourse/checkers/schedule/steered.h>

#include <algorithm>

namespace racecourse::schedule {

void Steered::begin(std::uint64_t, std::uint64_t, const Learnt&) {
  outlook_ = {};
  begun_.reset();
}

void Steered::list_options(const View& view) {
  std::uint16_t* const end = std::copy(view.timed.begin(), view.timed.end(),
                                       std::copy(view.enabled.begin(), view.enabled.end(), outlook_.options));
  std::sort(outlook_.options, end);
  outlook_.option_count = static_cast<std::uint32_t>(end - outlook_.options);
}

Choice Steered::choose(const View& view) {
  list_options(view);
  const std::span<const std::uint16_t> options(outlook_.options, outlook_.option_count);
  for (const std::uint16_t thread : options) {
    if (begun_[thread]) continue;
    begun_.set(thread);
    return {thread, 1};
  }
  if (options.size() == 1) return {options[0], 1};
  if (outlook_.taken == decisions_.size()) {
    if (after_ == After::run_on) return {default_choice(view), kUnlimited};
    outlook_.stopped = true;
    return {-1, 1};
  }
  const std::uint16_t thread = decisions_[outlook_.taken].thread;
  if (std::find(options.begin(), options.end(), thread) == options.end()) {
    outlook_.unfit = outlook_.stopped = true;
    return {-1, 1};
  }
  ++outlook_.taken;
  outlook_.alternatives = 0;
  return {thread, 1};
}

std::uint32_t Steered::pick(std::uint32_t n) {
  const std::uint32_t number = outlook_.questions++;
  if (outlook_.alternatives == 0) outlook_.first_question = number;
  outlook_.alternatives = std::max(outlook_.alternatives, n);
  return outlook_.taken == 0 ? 0 : std::min(decisions_[outlook_.taken - 1].answer, n - 1);
}

}  // namespace racecourse::schedule
