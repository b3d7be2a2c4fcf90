#include <racecourse/checkers/runtime/runtime.h>
#include <racecourse/checkers/runtime/spurious.h>
#include <racecourse/checkers/schedule/noted.h>
#include <racecourse/checkers/schedule/quarantine.h>

#include <algorithm>
#include <iterator>

namespace racecourse::runtime {

[[gnu::section("racecourse_state")]] constinit Occasions occasions = {};

namespace {

constexpr int kMost = 2;  // taken in one execution of a random search

enum class Mode : std::uint8_t { none, counting, random, systematic, replay };

struct Plan {
  Mode mode;
  int left;                    // random: that may still be taken
  std::uint32_t one_in;        // random: so many are taken
  std::uint64_t seed;          // random
  bool taken_by[256];          // systematic
  const schedule::Pick* next;  // replay: those not taken yet
  const schedule::Pick* end;
};
[[gnu::section("racecourse_state")]] constinit Plan plan = {};

void begin(Mode mode) {
  plan.mode = mode;
  occasions = {mode != Mode::none, 0};
}

bool is_taken(std::uint32_t number) {
  switch (plan.mode) {
    case Mode::none:
    case Mode::counting:
      return false;
    case Mode::random:
      if (schedule::Random(plan.seed + number).below(plan.one_in) != 0) return false;
      occasions.watched = --plan.left > 0;
      return true;
    case Mode::systematic: {
      bool& taken = plan.taken_by[self().id];
      if (taken) return false;
      taken = rt.strategy->pick(2) != 0;
      return taken;
    }
    case Mode::replay:
      if (plan.next->ordinal != schedule::kSpurious + number) return false;
      occasions.watched = ++plan.next != plan.end;
      return true;
  }
  return false;
}

}  // namespace

void begin_occasions(Spurious spurious, std::uint64_t seed, std::uint64_t execution, bool is_first) {
  if (spurious == Spurious::never) return begin(Mode::none);
  if (spurious == Spurious::systematic) {
    std::fill(std::begin(plan.taken_by), std::end(plan.taken_by), false);
    return begin(Mode::systematic);
  }
  if (is_first) return begin(Mode::counting);
  schedule::Random random(seed * 0xD1342543DE82EF95u + execution);
  if (random.below(4) != 0) return begin(Mode::none);
  plan.one_in = 2u << 2 * random.below(3);
  plan.seed = random.next();
  plan.left = kMost;
  begin(Mode::random);
}

void begin_occasions(const schedule::Schedule& replayed) {
  const auto& picks = replayed.picks;
  plan.end = picks.data() + picks.size() - schedule::has_quarantine(replayed);
  plan.next = std::find_if(picks.data(), plan.end,
                           [](const schedule::Pick& pick) { return pick.ordinal >= schedule::kSpurious; });
  begin(plan.next != plan.end ? Mode::replay : Mode::none);
}

bool take_occasion() {
  if (rt.fair) return false;
  const std::uint32_t number = occasions.count++;
  if (!is_taken(number)) return false;
  if (rt.noted != nullptr) rt.noted->digest.answer(self().id, schedule::kSpurious);
  record_pick(schedule::kSpurious + number, 1);
  return true;
}

}  // namespace racecourse::runtime
