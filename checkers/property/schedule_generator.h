// Schedules as values of RapidCheck: made at random, shown as tokens, shrunk to few switches.
//
//   RC_GTEST_PROP(Account, NeverOverdrawn, (const racecourse::schedule::Schedule& schedule)) {
//     racecourse::property::require_holds(two_withdrawals, schedule);
//   }
//
// A schedule need not fit the program: segments of threads that cannot run are skipped, and after the last one the
// default rule goes on. So every value is a legal schedule, and every smaller one is too.
#pragma once

#include <racecourse/checkers/schedule/schedule.h>
#include <rapidcheck.h>

#include <cstdint>
#include <iosfwd>

namespace racecourse::property {

struct Bounds {
  std::uint32_t threads = 4;   // thread numbers below this one; 0 is the body itself
  std::uint32_t segments = 8;  // at most
  std::uint32_t ticks = 64;    // of a segment, at most; the body's own may have kBodyFactor times as many
  std::uint32_t picks = 2;     // at most
};
// Creating a thread takes the body more ticks than most steps of the threads that it creates.
inline constexpr std::uint32_t kBodyFactor = 8;

// Shrinks to fewer segments first, hence to fewer switches, then to fewer ticks and lower thread numbers.
rc::Gen<schedule::Schedule> schedules(const Bounds& bounds = {});

}  // namespace racecourse::property

namespace racecourse::schedule {
// Its token, and its switches.
void showValue(const Schedule& schedule, std::ostream& out);
}  // namespace racecourse::schedule

template <>
struct rc::Arbitrary<racecourse::schedule::Schedule> {
  static rc::Gen<racecourse::schedule::Schedule> arbitrary() { return racecourse::property::schedules(); }
};
