// To do the same work several times: one after the other, in threads, and in processes.
#pragma once

#include <racecourse/scenarios/cpu_or_io/work.h>

#include <array>
#include <string>

namespace racecourse::cpu_or_io {

enum class Way { directly, threads, processes };
inline constexpr std::array kWays = {Way::directly, Way::threads, Way::processes};
const char* to_string(Way way);  // "directly", "threads", "processes"

// Does `work` `tasks` times, and returns the sum of what it returned. With threads and processes all begin at once, and
// none is left when this returns. Throws std::runtime_error if a process failed, std::system_error if there is none to
// be had.
long run(Way way, const Work& work, int tasks);

}  // namespace racecourse::cpu_or_io
