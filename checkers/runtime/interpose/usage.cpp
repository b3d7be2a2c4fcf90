// What the program has used, by virtual time as clock() tells it; of nothing else is there an account.
#include <racecourse/checkers/runtime/interpose/clock.h>
#include <racecourse/checkers/runtime/interpose/filled.h>
#include <racecourse/checkers/runtime/interpose/kernel.h>
#include <sys/resource.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

RC_DECLARE_ORIGINAL(clock)
RC_DECLARE_ORIGINAL(times)
RC_DECLARE_ORIGINAL(getrusage)

namespace racecourse::runtime {

namespace {

std::uint64_t used(std::uint64_t pc) { return read_clock(pc) - kVirtualEpoch; }

}  // namespace

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE clock_t clock() noexcept {
  if (!rt.executing) return RC_ORIGINAL(clock)();
  return static_cast<clock_t>(used(RC_CALLER) / (kSecond / CLOCKS_PER_SEC));
}

RC_INTERPOSE clock_t times(tms* out) noexcept {
  if (!rt.executing) return RC_ORIGINAL(times)(out);
  const auto ticks =
      static_cast<clock_t>(used(RC_CALLER) / (kSecond / static_cast<std::uint64_t>(sysconf(_SC_CLK_TCK))));
  if (out != nullptr) {
    *out = {ticks, 0, 0, 0};
    filled(out, sizeof *out, RC_CALLER);
  }
  return ticks;
}

RC_INTERPOSE int getrusage(__rusage_who_t who, rusage* out) noexcept {
  const bool of_nobody = who != RUSAGE_SELF && who != RUSAGE_CHILDREN && who != RUSAGE_THREAD;
  if (!rt.executing || of_nobody || out == nullptr) return RC_ORIGINAL(getrusage)(who, out);
  const std::uint64_t time = who == RUSAGE_CHILDREN ? 0 : used(RC_CALLER) / 1000;
  *out = {};
  out->ru_utime = {static_cast<time_t>(time / 1'000'000), static_cast<suseconds_t>(time % 1'000'000)};
  filled(out, sizeof *out, RC_CALLER);
  return 0;
}
