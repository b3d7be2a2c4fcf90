// What generators return in an execution: the same in every execution and every process, whatever the search does.
#pragma once

#include <cstddef>
#include <cstdint>

namespace racecourse::runtime {

std::uint64_t next_random();
void fill_random(void* buffer, std::size_t size);

}  // namespace racecourse::runtime
