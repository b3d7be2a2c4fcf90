// What the racecourse command and the programs that it launches say to each other.
#pragma once

#include <racecourse/scenarios/scenario.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

namespace racecourse::catalogue {

using Json = nlohmann::ordered_json;

std::optional<Checker> checker_from_string(std::string_view name);

// An entry without its functions and its options.
Json to_json(const Entry& entry);
Entry entry_from_json(const Json& json);

// A scenario without its variants.
Json to_json(const Scenario& scenario);
Scenario scenario_from_json(const Json& json);

Json to_json(const Verdict& verdict);
Verdict verdict_from_json(const Json& json);

// One line; bytes that are not UTF-8 (a program may print anything) are replaced.
std::string dump(const Json& json);

}  // namespace racecourse::catalogue
