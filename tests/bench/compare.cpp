#include <fmt/core.h>
#include <racecourse/tests/bench/compare.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>
#include <utility>
#include <vector>

namespace racecourse::bench {
namespace {

constexpr double kSlow = 2;

struct Compared {
  std::string group, name, nearest, why;
  std::vector<int> threads;
};
std::vector<Compared>& registered() {
  static std::vector<Compared> all;
  return all;
}

using Key = std::pair<std::string, int>;  // "group/name", threads

class Shortest : public benchmark::BenchmarkReporter {
 public:
  std::map<Key, double> nanoseconds;

  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration || run.error_occurred) continue;
      const Key key{run.run_name.function_name, static_cast<int>(run.threads)};
      const double time = run.GetAdjustedRealTime();
      const auto [at, is_new] = nanoseconds.emplace(key, time);
      if (!is_new) at->second = std::min(at->second, time);
    }
    if (isatty(STDERR_FILENO)) fmt::print(stderr, "\r\033[K{}", runs.empty() ? "" : runs.front().benchmark_name());
  }
};

void print(const std::map<Key, double>& nanoseconds) {
  std::string json;
  fmt::print("{:<15} {:<26} {:>7} {:>12}  {}\n", "primitive", "variant", "threads", "ns", "ratio to the nearest");
  for (const Compared& each : registered()) {
    for (const int threads : each.threads) {
      const auto own = nanoseconds.find({each.group + "/" + each.name, threads});
      if (own == nanoseconds.end()) continue;
      const auto other = nanoseconds.find({each.group + "/" + each.nearest, threads});
      const double ratio = other == nanoseconds.end() ? 0 : own->second / other->second;
      std::string verdict;
      if (ratio > 0) verdict = fmt::format("{:.2f} of {}", ratio, each.nearest);
      if (ratio > kSlow) verdict += each.why.empty() ? "; NOBODY SAYS WHY" : "; " + each.why;
      fmt::print("{:<15} {:<26} {:>7} {:>12.1f}  {}\n", each.group, each.name, threads, own->second, verdict);
      json += fmt::format(R"({{"primitive":"{}","variant":"{}","threads":{},"nanoseconds":{:.2f})", each.group,
                          each.name, threads, own->second);
      if (ratio > 0) json += fmt::format(R"(,"nearest":"{}","ratio_to_nearest":{:.3f})", each.nearest, ratio);
      json += "}\n";
    }
  }
  fmt::print("\n{}", json);
}

}  // namespace

void compare(const std::string& group, const std::string& name, const std::string& nearest, const std::string& why,
             void (*run)(benchmark::State&), std::initializer_list<int> threads) {
  registered().push_back({group, name, nearest, why, threads});
  auto* registration = benchmark::RegisterBenchmark((group + "/" + name).c_str(), run);
  registration->UseRealTime();
  for (const int count : threads) registration->Threads(count);
}

int run_comparisons(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  // While a process has one thread, glibc leaves the atomic instruction out of std::mutex; whoever needs a lock has
  // two.
  std::atomic<bool> done{false};
  std::thread second([&] { done.wait(false); });
  Shortest shortest;
  benchmark::RunSpecifiedBenchmarks(&shortest);
  if (isatty(STDERR_FILENO)) fmt::print(stderr, "\r\033[K");
  done = true;
  done.notify_one();
  second.join();
  print(shortest.nanoseconds);
  return 0;
}

}  // namespace racecourse::bench
