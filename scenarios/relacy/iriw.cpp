#include <racecourse/scenarios/iriw/news.h>
#include <racecourse/scenarios/relacy/suites.h>

namespace racecourse::catalogue {
namespace {

// The forbidden outcome: each reader has seen one of the two come first, and not the same.
template <class News>
struct TwoWritersTwoReaders : relacy::Suite<TwoWritersTwoReaders<News>, 4> {
  News news;
  iriw::Seen seen[2];

  void run(unsigned thread) {
    const int which = static_cast<int>(thread % 2);
    if (thread < 2) {
      news.print(which);
    } else {
      seen[which] = news.look(which);
    }
  }
  void after() { RL_ASSERT(!(seen[0].one_without_the_next() && seen[1].one_without_the_next())); }
};

const RelacyRegistration registration{{
    {"iriw/sequentially_consistent", relacy::check<TwoWritersTwoReaders<iriw::SequentiallyConsistent>>},
    {"iriw/relaxed", relacy::check<TwoWritersTwoReaders<iriw::Relaxed>>},
    {"iriw/release_acquire", relacy::check<TwoWritersTwoReaders<iriw::ReleaseAcquire>>},
    {"iriw/sequential_stores", relacy::check<TwoWritersTwoReaders<iriw::SequentialStores>>},
}};

}  // namespace
}  // namespace racecourse::catalogue
