// racecourse-measure: does the same work in several ways on real threads, and shows what each takes. It judges nothing:
// times depend on the machine, and on what else it does. Started by `racecourse measure`.
#include <fmt/core.h>
#include <racecourse/scenarios/measure/bars.h>
#include <racecourse/scenarios/measure/measurement.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace racecourse::measure {
namespace {

struct Arguments {
  std::string name;
  int runs = 5;
  double scale = 1;
  std::string svg_file;
};

void write_file(const std::string& name, const std::string& contents) {
  std::ofstream file(name);
  file << contents;
  file.close();
  if (!file) throw std::runtime_error("cannot write " + name + "; give --svg a file in a folder that is there");
}

Measurement called(const std::string& name) {
  const std::vector<Measurement> all = measurements();
  const auto found = std::ranges::find(all, name, &Measurement::name);
  if (found != all.end()) return *found;
  std::string known;
  for (const Measurement& one : all) known += (known.empty() ? "" : ", ") + one.name;
  throw std::runtime_error("there is nothing to measure of \"" + name + "\"; there are " + known);
}

void list() {
  for (const Measurement& one : measurements()) fmt::print("{:<16} {}\n", one.name, one.title);
}

void compare(const Arguments& arguments) {
  const Measurement measurement = called(arguments.name);
  const std::string title = fmt::format("{}: median of {} runs on {} processor{}", measurement.title, arguments.runs,
                                        processors(), processors() == 1 ? "" : "s");
  const std::vector<Panel> panels = measured(measurement, arguments.scale, arguments.runs);
  fmt::print("{}", text(title, panels));
  if (!arguments.svg_file.empty()) write_file(arguments.svg_file, svg(title, panels));
}

int refuse(const std::string& sentence) {
  fmt::print(stderr, "racecourse: {}\n", sentence);
  return 2;
}

}  // namespace
}  // namespace racecourse::measure

int main(int argc, char** argv) {
  using namespace racecourse::measure;
  Arguments arguments;
  CLI::App app("The same work in several ways, on real threads: a bar chart of the times.", "racecourse measure");
  app.add_option("NAME", arguments.name, "what to measure; without it, what there is");
  app.add_option("--runs", arguments.runs, "how many runs the median is taken of")->check(CLI::Range(1, 1'000));
  app.add_option("--scale", arguments.scale, "how much work: 2 is twice as much as usual")
      ->check(CLI::Range(0.001, 100.0));
  app.add_option("--svg", arguments.svg_file, "write the chart into this file");
  try {
    app.parse(argc, argv);
    if (arguments.name.empty()) {
      list();
    } else {
      compare(arguments);
    }
    return 0;
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return 0;
  } catch (const CLI::ParseError& error) {
    return refuse(error.what());
  } catch (const std::exception& error) {
    return refuse(error.what());
  }
}
