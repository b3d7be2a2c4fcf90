// The same under weak memory, with Relacy's types.
#include <mailbox.h>
#include <racecourse/scenarios/relacy/suites.h>

namespace racecourse::catalogue {
namespace {

template <class Mailbox>
struct WriterAndReader : relacy::Suite<WriterAndReader<Mailbox>, 2> {
  Mailbox mailbox;

  void run(unsigned thread) {
    if (thread == 0) {
      mailbox.put(42);
    } else if (const std::optional<int> letter = mailbox.try_get()) {
      RL_ASSERT(*letter == 42);
    }
  }
};

const RelacyRegistration registration{{
    {"mailbox/released", relacy::check<WriterAndReader<Released>>},
    {"mailbox/relaxed", relacy::check<WriterAndReader<Relaxed>>},
}};

}  // namespace
}  // namespace racecourse::catalogue
