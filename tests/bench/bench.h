// What both sides of the benchmark print: one JSON line a program.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace racecourse::bench {

// Seconds that each program is run for: the first argument, or 2.
inline double seconds_from(int argc, char** argv) {
  const double seconds = argc > 1 ? std::strtod(argv[1], nullptr) : 2;
  if (seconds > 0) return seconds;
  std::fprintf(stderr, "usage: %s [seconds for each program]\n", argv[0]);
  std::exit(2);
}

inline void print(std::string_view program, std::string_view checker, std::string_view more, std::uint64_t executions,
                  double seconds) {
  std::printf(R"({"program":"%.*s","checker":"%.*s",%.*s"executions":%llu,"seconds":%.4f,"per_second":%.0f})"
              "\n",
              static_cast<int>(program.size()), program.data(), static_cast<int>(checker.size()), checker.data(),
              static_cast<int>(more.size()), more.data(), static_cast<unsigned long long>(executions), seconds,
              static_cast<double>(executions) / seconds);
  std::fflush(stdout);
}

}  // namespace racecourse::bench
