// A schedule in as few characters as may be: letters, digits, '-' and '_', which no shell takes for anything else.
#pragma once

#include <racecourse/checkers/schedule/schedule.h>

#include <optional>
#include <string>
#include <string_view>

namespace racecourse::schedule {

std::string packed(const Schedule& schedule);
// Nothing if the text is not what packed() makes of some schedule.
std::optional<Schedule> unpacked(std::string_view text);

}  // namespace racecourse::schedule
