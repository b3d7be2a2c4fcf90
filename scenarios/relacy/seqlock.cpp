#include <racecourse/scenarios/relacy/suites.h>
#include <racecourse/scenarios/seqlock/clock.h>

namespace racecourse::catalogue {
namespace {

template <class Clock>
struct WriterAndReader : relacy::Suite<WriterAndReader<Clock>, 2> {
  Clock clock;

  void run(unsigned thread) {
    if (thread == 0) return clock.set({12, 34});
    seqlock::Time time{0, 0};
    if (!clock.get(time)) return;
    RL_ASSERT((time.hours == 0 && time.minutes == 0) || (time.hours == 12 && time.minutes == 34));
  }
};

const RelacyRegistration registration{{
    {"seqlock/ordered", relacy::check<WriterAndReader<seqlock::Ordered>>},
    {"seqlock/plain", relacy::check<WriterAndReader<seqlock::Plain>>},
    {"seqlock/relaxed_hands", relacy::check<WriterAndReader<seqlock::RelaxedHands>>},
    {"seqlock/forgets_odd", relacy::check<WriterAndReader<seqlock::ForgetsOdd>>},
}};

}  // namespace
}  // namespace racecourse::catalogue
