#include <racecourse/scenarios/plain.h>

namespace racecourse::catalogue {

Json to_json(const PlainRuns& runs) {
  return {{"runs", runs.runs},
          {"aborted", runs.aborted},
          {"crashed", runs.crashed},
          {"hung", runs.hung},
          {"seconds", runs.seconds}};
}

PlainRuns plain_runs_from_json(const Json& json) {
  return {json.at("runs"), json.at("aborted"), json.at("crashed"), json.at("hung"), json.at("seconds")};
}

}  // namespace racecourse::catalogue
