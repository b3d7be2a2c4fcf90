#include <racecourse/scenarios/reference_count/document.h>
#include <racecourse/scenarios/relacy/suites.h>

namespace racecourse::catalogue {
namespace {

template <class Document>
struct TwoOwners : relacy::Suite<TwoOwners<Document>, 2> {
  Document document;
  bool shredded[2] = {};

  void run(unsigned thread) { shredded[thread] = document.write_and_drop(static_cast<int>(thread)); }
  void after() { RL_ASSERT(shredded[0] != shredded[1]); }
};

const RelacyRegistration registration{{
    {"reference_count/relaxed", relacy::check<TwoOwners<reference_count::Relaxed>>},
    {"reference_count/acquire_release", relacy::check<TwoOwners<reference_count::AcquireRelease>>},
    {"reference_count/release_alone", relacy::check<TwoOwners<reference_count::ReleaseAlone>>},
    {"reference_count/in_two_steps", relacy::check<TwoOwners<reference_count::InTwoSteps>>},
}};

}  // namespace
}  // namespace racecourse::catalogue
