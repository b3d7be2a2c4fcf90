// The variants of a primitive as properties: the entry's own body holds under any schedule. RapidCheck makes the
// schedules and shrinks the one that falsifies to few switches; its token replays the entry. The right variants must
// hold for random programs as well: each file beside this one has those of one primitive, and registers them.
#pragma once

#include <racecourse/scenarios/catalogue.h>

#include <cstdint>
#include <string>
#include <vector>

namespace racecourse::catalogue {

// What must hold of a variant beyond its entry's own body. Returns normally when it holds and throws
// racecourse::property::Falsified when not: without a token, since a token would replay the entry's body and not a
// random program; the report has the seed, and the program as a test to paste.
using Workloads = void (*)(std::uint64_t seed);

// To be kept in a global of the file that declares it.
PropertyRegistration any_schedule(const std::string& scenario, const std::string& variant, Expectation expected,
                                  std::vector<Workloads> workloads = {});

}  // namespace racecourse::catalogue
