#include <racecourse/primitives/stop_flag/atomic_bool.h>
#include <racecourse/primitives/stop_flag/relaxed_flag_publishes_data.h>
#include <racecourse/scenarios/relacy/suites.h>

namespace racecourse::catalogue {
namespace {

// S1 and S2: message passing, with the request as the message's arrival.
template <class Flag>
struct WriteThenRequest : relacy::Suite<WriteThenRequest<Flag>, 2> {
  Flag flag;
  sync::var<int> last_order{0};

  void run(unsigned thread) {
    if (thread == 0) {
      last_order = 42;
      flag.request();
    } else {
      while (!flag.requested()) sync::pause();
      RL_ASSERT(last_order == 42);
    }
  }
};

const RelacyRegistration registration{{
    {"stop_flag/atomic_bool", relacy::check<WriteThenRequest<stop_flag::AtomicBool>>},
    {"stop_flag/relaxed_flag_publishes_data", relacy::check<WriteThenRequest<stop_flag::RelaxedFlagPublishesData>>},
}};

}  // namespace
}  // namespace racecourse::catalogue
