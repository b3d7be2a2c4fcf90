// CPU-bound or I/O-bound: the same tasks one after the other, in threads and in processes, as a chart. There is no bug
// to find here, and no verdict: run it on machines with one, two and many processors, and look. README.md, beside this
// file, says what there is to be seen.
#include <fmt/core.h>
#include <racecourse/scenarios/cpu_or_io/bars.h>
#include <racecourse/scenarios/cpu_or_io/measure.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <exception>
#include <fstream>
#include <string>
#include <vector>

namespace racecourse::cpu_or_io {
namespace {

struct Arguments {
  int tasks = 8;
  int runs = 5;
  int answer_ms = 100;
  long primes_below = 200'000;
  std::string svg_file;
};

Panel measure(const std::string& title, const Work& work, const Arguments& arguments) {
  Panel panel{title, {}};
  for (const Way way : kWays) {
    panel.bars.push_back({to_string(way), median_ms(way, work, arguments.tasks, arguments.runs)});
  }
  return panel;
}

void write_file(const std::string& name, const std::string& contents) {
  std::ofstream file(name);
  file << contents;
  file.close();
  if (!file) throw std::runtime_error("cannot write " + name + "; give --svg a file in a folder that is there");
}

int compare(const Arguments& arguments) {
  const std::string title = fmt::format("{} tasks on {} processor{}: median of {} runs", arguments.tasks, processors(),
                                        processors() == 1 ? "" : "s", arguments.runs);
  const std::chrono::milliseconds answer(arguments.answer_ms);
  const std::vector<Panel> panels = {
      measure(
          "I/O-bound: each task waits for a server", [=] { return ask_a_server(answer); }, arguments),
      measure(
          "CPU-bound: each task counts primes", [=] { return count_primes(arguments.primes_below); }, arguments),
  };
  fmt::print("{}", text(title, panels));
  if (!arguments.svg_file.empty()) write_file(arguments.svg_file, svg(title, panels));
  return 0;
}

int refuse(const std::string& sentence) {
  fmt::print(stderr, "racecourse-bars: {}\n", sentence);
  return 2;
}

}  // namespace
}  // namespace racecourse::cpu_or_io

int main(int argc, char** argv) {
  using namespace racecourse::cpu_or_io;
  Arguments arguments;
  CLI::App app("Waiting and computing, directly, in threads and in processes: a bar chart of the times.");
  app.add_option("--tasks", arguments.tasks, "how many times the work is done")->check(CLI::Range(1, 1'000));
  app.add_option("--runs", arguments.runs, "how many runs the median is taken of")->check(CLI::Range(1, 1'000));
  app.add_option("--answer-ms", arguments.answer_ms, "I/O: after how long the server answers")
      ->check(CLI::Range(0, 60'000));
  app.add_option("--primes-below", arguments.primes_below, "CPU: how far to count")->check(CLI::Range(0, 100'000'000));
  app.add_option("--svg", arguments.svg_file, "write the chart into this file");
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return 0;
  } catch (const CLI::ParseError& error) {
    return refuse(error.what());
  }
  try {
    return compare(arguments);
  } catch (const std::exception& error) {
    return refuse(error.what());
  }
}
