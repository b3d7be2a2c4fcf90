#include <racecourse/checkers/property/schedule_generator.h>

#include <algorithm>
#include <bit>
#include <ostream>
#include <utility>
#include <vector>

namespace racecourse::property {
namespace {

using schedule::Pick;
using schedule::Schedule;
using schedule::Segment;

constexpr int kFullSize = 100;  // RapidCheck's sizes run from 0 to 100; numbers are drawn from the whole range here
constexpr std::uint32_t kLastOrdinal = 16;
constexpr std::uint32_t kLastAnswer = 4;

rc::Gen<std::uint32_t> number(std::uint32_t from, std::uint32_t below) {
  return rc::gen::resize(kFullSize, rc::gen::inRange(from, below));
}

// From 1 to `most`; small numbers are as likely as all larger ones together, since a bug needs a switch after a certain
// few ticks more often than after a certain many.
rc::Gen<std::uint32_t> tick_count(std::uint32_t most) {
  const auto magnitudes = static_cast<std::uint32_t>(std::bit_width(std::max(1u, most)));
  return rc::gen::mapcat(number(0, magnitudes),
                         [most](std::uint32_t magnitude) { return number(1, std::min(most, 1u << magnitude) + 1); });
}

rc::Gen<Segment> segment(const Bounds& bounds) {
  return rc::gen::mapcat(number(0, std::max(1u, bounds.threads)), [ticks = bounds.ticks](std::uint32_t thread) {
    return rc::gen::map(tick_count(thread == 0 ? ticks * kBodyFactor : ticks), [thread](std::uint32_t drawn) {
      return Segment{thread, drawn};
    });
  });
}

rc::Gen<Pick> pick() {
  return rc::gen::map(rc::gen::pair(number(0, kLastOrdinal), number(1, kLastAnswer)),
                      [](const std::pair<std::uint32_t, std::uint32_t>& drawn) {
                        return Pick{drawn.first, drawn.second};
                      });
}

// A list of 0 to `most` values that shrinks by leaving values out.
template <class T>
rc::Gen<std::vector<T>> list(std::uint32_t most, rc::Gen<T> element) {
  return rc::gen::resize(static_cast<int>(most), rc::gen::container<std::vector<T>>(std::move(element)));
}

// One answer a question, in order: what a token can say.
std::vector<Pick> in_order(std::vector<Pick> picks) {
  const auto earlier = [](const Pick& a, const Pick& b) { return a.ordinal < b.ordinal; };
  const auto same = [](const Pick& a, const Pick& b) { return a.ordinal == b.ordinal; };
  std::stable_sort(picks.begin(), picks.end(), earlier);
  picks.erase(std::unique(picks.begin(), picks.end(), same), picks.end());
  return picks;
}

// Every way to join two neighbouring segments of one thread.
rc::Seq<Schedule> joined(const Schedule& schedule) {
  std::vector<Schedule> candidates;
  const auto& segments = schedule.segments;
  for (std::size_t i = 1; i < segments.size(); ++i) {
    if (segments[i].thread != segments[i - 1].thread) continue;
    Schedule candidate = schedule;
    candidate.segments[i - 1].ticks += segments[i].ticks;
    candidate.segments.erase(candidate.segments.begin() + static_cast<std::ptrdiff_t>(i));
    candidates.push_back(std::move(candidate));
  }
  return rc::seq::fromContainer(std::move(candidates));
}

}  // namespace

rc::Gen<Schedule> schedules(const Bounds& bounds) {
  auto parts = rc::gen::pair(list(bounds.segments, segment(bounds)), list(bounds.picks, pick()));
  auto whole = rc::gen::map(std::move(parts), [](std::pair<std::vector<Segment>, std::vector<Pick>>&& drawn) {
    return Schedule{std::move(drawn.first), in_order(std::move(drawn.second))};
  });
  return rc::gen::shrink(std::move(whole), [](const Schedule& schedule) { return joined(schedule); });
}

}  // namespace racecourse::property

namespace racecourse::schedule {

void showValue(const Schedule& schedule, std::ostream& out) {
  out << to_token(schedule) << " (" << switches(schedule) << " switches)";
}

}  // namespace racecourse::schedule
