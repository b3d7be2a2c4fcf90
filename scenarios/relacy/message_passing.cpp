#include <racecourse/scenarios/message_passing/letter.h>
#include <racecourse/scenarios/relacy/suites.h>

namespace racecourse::catalogue {
namespace {

// The forbidden outcome: the flag without the text.
template <class Letter>
struct WriterAndReader : relacy::Suite<WriterAndReader<Letter>, 2> {
  Letter letter;

  void run(unsigned thread) {
    if (thread == 0) {
      letter.write();
    } else {
      RL_ASSERT(letter.read() != message_passing::Read::flag_only);
    }
  }
};

const RelacyRegistration registration{{
    {"message_passing/relaxed", relacy::check<WriterAndReader<message_passing::Relaxed>>},
    {"message_passing/release_acquire", relacy::check<WriterAndReader<message_passing::ReleaseAcquire>>},
    {"message_passing/release_alone", relacy::check<WriterAndReader<message_passing::ReleaseAlone>>},
    {"message_passing/acquire_alone", relacy::check<WriterAndReader<message_passing::AcquireAlone>>},
}};

}  // namespace
}  // namespace racecourse::catalogue
