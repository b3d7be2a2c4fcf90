// Digests as by FNV-1a, but word by word.
#pragma once

#include <cstdint>

namespace racecourse::schedule {

inline constexpr std::uint64_t kFirstDigest = 0xcbf29ce484222325u;

inline void add_to_digest(std::uint64_t& digest, std::uint64_t word) { digest = (digest ^ word) * 0x100000001b3u; }

}  // namespace racecourse::schedule
