// Executions until the first catch, for every strategy: median and worst over a number of seeds. Of every broken
// variant of the catalogue and of the programs of search_programs.h.
//
//   search_bench [--seeds N] [--strategies default,pos,...] [--budget N] [NAME...]
#include <racecourse/checkers/control/search_loop.h>
#include <racecourse/checkers/explore.h>
#include <racecourse/checkers/forbidden.h>
#include <racecourse/checkers/runtime/execution.h>
#include <racecourse/checkers/runtime/runtime.h>
#include <racecourse/scenarios/catalogue.h>
#include <racecourse/tests/bench/search_programs.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace racecourse::bench {
namespace {

struct Settings {
  std::uint64_t seeds = 20;
  std::uint64_t budget = 0;  // 0: the entry's own
  double seconds = 0;        // of one search; 0: no limit
  std::vector<std::string> strategies = {"default", "uniform", "sticky", "pct", "pos", "surw", "rff"};
  std::vector<std::string> names;  // that begin so; none: all
};

struct Subject {
  std::string name;
  std::function<void()> body;
  Kind kind;
  std::vector<Kind> allowed;
  Options options;
};

std::vector<Subject> subjects() {
  std::vector<Subject> all;
  for (const SearchProgram& program : search_programs()) {
    Options options;
    options.executions = 10'000;
    options.max_steps = program.max_steps;
    all.push_back({program.name, program.body, program.kind, program.allowed, options});
  }
  for (const catalogue::Entry& entry : catalogue::entries()) {
    const auto expected = entry.expected.find(catalogue::Checker::explore);
    if (!entry.broken || expected == entry.expected.end()) continue;
    if (expected->second.says != catalogue::Expectation::Says::finding) continue;
    all.push_back({entry.scenario + "/" + entry.variant, entry.body, expected->second.kind, expected->second.allowed,
                   entry.options});
  }
  return all;
}

bool wanted(const std::string& name, const Settings& settings) {
  if (settings.names.empty()) return true;
  return std::ranges::any_of(settings.names, [&](const std::string& start) { return name.starts_with(start); });
}

struct Row {
  std::vector<std::uint64_t> executions;  // of those that caught it, ascending
  double seconds = 0;                     // of processor time, of all
  std::uint64_t all_executions = 0;
};

// Of this process and its workers: what else the machine does counts for nothing.
double processor_seconds() {
  double sum = 0;
  for (const auto who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    getrusage(who, &usage);
    for (const timeval& time : {usage.ru_utime, usage.ru_stime})
      sum += static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  }
  return sum;
}

Row measure(const Subject& subject, const std::string& strategy, const Settings& settings) {
  Row row;
  const double start = processor_seconds();
  for (std::uint64_t seed = 1; seed <= settings.seeds; ++seed) {
    Options options = subject.options;
    options.strategy = strategy;
    options.seed = seed;
    options.name = subject.name;
    if (settings.budget > 0) options.executions = settings.budget;
    if (settings.seconds > 0) options.seconds = settings.seconds;
    runtime::heap_use_libc(true);
    const ForbiddenOutcomes forbidden(options.forbidden);
    runtime::begin_search(4);
    control::Goal goal;
    goal.required = subject.kind;
    goal.allowed = control::KindSet(subject.allowed);
    control::Excuses excuses("");
    const control::SearchResult result =
        control::run_search(subject.body, options, goal, control::part_of(options), excuses);
    row.all_executions += result.executions;
    if (!result.found) continue;
    if (result.found->kind() == subject.kind)
      row.executions.push_back(result.executions);
    else
      std::printf("%s: %s\n", subject.name.c_str(), result.found->leading().message);
  }
  row.seconds = processor_seconds() - start;
  std::ranges::sort(row.executions);
  return row;
}

void print(const Subject& subject, const std::string& strategy, const Row& row, const Settings& settings) {
  const std::uint64_t caught = row.executions.size();
  // A median or a worst that the budget did not reach is not a number.
  const auto text = [&](std::uint64_t rank) {
    return rank < caught ? std::to_string(row.executions[rank]) : std::string("-");
  };
  std::printf("%-44s %-8s %3llu/%-3llu %10s %10s %10.0f\n", subject.name.c_str(), strategy.c_str(),
              static_cast<unsigned long long>(caught), static_cast<unsigned long long>(settings.seeds),
              text((settings.seeds - 1) / 2).c_str(), text(settings.seeds - 1).c_str(),
              static_cast<double>(row.all_executions) / row.seconds);
  std::fflush(stdout);
}

void run(const Settings& settings) {
  std::printf("%-44s %-8s %-7s %10s %10s %10s\n", "program", "strategy", "caught", "median", "worst", "a second");
  for (const Subject& subject : subjects()) {
    if (!wanted(subject.name, settings)) continue;
    for (const std::string& strategy : settings.strategies)
      print(subject, strategy, measure(subject, strategy, settings), settings);
  }
}

}  // namespace
}  // namespace racecourse::bench

int main(int argc, char** argv) {
  racecourse::bench::Settings settings;
  CLI::App app("Executions until the first catch: how many of the seeds caught it, median and worst.");
  app.add_option("NAME", settings.names, "programs or variants whose names begin so; default: all");
  app.add_option("--seeds", settings.seeds, "searches of each")->check(CLI::PositiveNumber);
  app.add_option("--strategies", settings.strategies, "which ones, with commas between them")
      ->delimiter(',')
      ->allow_extra_args(false)  // names follow
      ->check(CLI::IsMember(settings.strategies));
  app.add_option("--budget", settings.budget,
                 "executions of a search; default: the variant's own, 10,000 of a program");
  app.add_option("--seconds", settings.seconds, "the same in seconds, beside it");
  CLI11_PARSE(app, argc, argv);
  racecourse::bench::run(settings);
  return 0;
}
