// How many processors this process may use.
#pragma once

#include <string_view>

namespace racecourse::control {

// Of those that the kernel would run it on (sched_getaffinity), as many as the container's quota pays for (cpu.max of
// its control group and of those above; cpu.cfs_quota_us where there is only version 1). At least 1.
unsigned usable_processors();

// What a line of cpu.max ("150000 100000", microseconds of each period) pays for, rounded up; 0: no limit.
unsigned processors_of_quota(std::string_view line);

}  // namespace racecourse::control
