// mutants: breaks the right primitives in small ways, and counts how many of the broken ones their tests notice.
#include <fmt/core.h>
#include <racecourse/tests/mutants/equivalent.h>
#include <racecourse/tests/mutants/operators.h>
#include <racecourse/tests/mutants/suite.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <regex>
#include <sstream>

namespace racecourse::mutants {
namespace {

namespace fs = std::filesystem;

struct Request {
  std::vector<std::string> primitives;            // or files: lock, lock/ttas
  std::string build = RACECOURSE_BUILD, sources;  // of that build folder
  std::vector<std::string> operations;
  double seconds = 120;
  bool list = false, words = false, quick = false, equivalents = false;
};

// A header of a right variant.
struct Target {
  std::string primitive, variant;
  std::string file() const { return "primitives/" + primitive + "/" + variant + ".h"; }
};

std::vector<std::string> lines_of(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

// The right variants, as the catalogue declares them, that have a header of their own.
std::vector<Target> targets_of(const std::string& primitive, const std::string& sources) {
  std::vector<Target> targets;
  std::ostringstream text;
  text << std::ifstream(sources + "/scenarios/primitives/" + primitive + ".cpp").rdbuf();
  const std::string declarations = text.str();
  static const std::regex right("primitive\\.right\\(\\s*\"([a-z_]+)\"");
  for (std::sregex_iterator found(declarations.begin(), declarations.end(), right), end; found != end; ++found) {
    Target target{primitive, (*found)[1]};
    if (fs::exists(sources + "/" + target.file())) targets.push_back(target);
  }
  return targets;
}

std::vector<Target> targets_of(const Request& request) {
  std::vector<Target> targets;
  for (const std::string& name : request.primitives) {
    const auto slash = name.find('/');
    const std::vector<Target> all = targets_of(name.substr(0, slash), request.sources);
    const auto before = targets.size();
    std::ranges::copy_if(all, std::back_inserter(targets), [&](const Target& target) {
      return slash == std::string::npos || target.variant == name.substr(slash + 1);
    });
    if (targets.size() == before) throw std::runtime_error("no right primitive is called " + name);
  }
  return targets;
}

std::string sources_of(const std::string& build) {
  for (const std::string& line : lines_of(build + "/CMakeCache.txt")) {
    constexpr std::string_view kEntry = "CMAKE_HOME_DIRECTORY:INTERNAL=";
    if (line.starts_with(kEntry)) return line.substr(kEntry.size());
  }
  throw std::runtime_error(build + " is no build folder of CMake");
}

void write_overlay(const std::string& work, const Target& target, const std::vector<std::string>& lines) {
  const fs::path path = work + "/overlay/racecourse/" + target.file();
  fs::create_directories(path.parent_path());
  std::ofstream file(path);
  for (const std::string& line : lines) file << line << '\n';
}

struct Count {
  int made = 0, killed = 0, equivalent = 0, survived = 0;
  std::map<Judge, int> by;
};

void print(const std::string& primitive, const Count& count) {
  fmt::print("{:<14} {:>4} mutants, {:>4} killed (", primitive, count.made, count.killed);
  const char* separator = "";
  for (const auto& [judge, killed] : count.by) {
    fmt::print("{}{} {}", separator, killed, to_string(judge));
    separator = ", ";
  }
  fmt::print("), {} equivalent, {} survive\n", count.equivalent, count.survived);
  std::fflush(stdout);
}

// Asks one judge after the other; none has killed it: nothing.
std::optional<Judge> killer(Suite& suite, const Target& target, const Request& request, bool& compiles) {
  for (const Judge judge : kJudges) {
    if (!suite.has(judge, target.variant) || (request.quick && judge != Judge::contract)) continue;
    const Says says = suite.ask(judge, target.variant, request.seconds);
    compiles = says != Says::does_not_compile;
    if (!compiles) return std::nullopt;
    if (says == Says::killed) return judge;
  }
  return std::nullopt;
}

bool is_wanted(const Mutant& mutant, const Request& request) {
  return request.operations.empty() || std::ranges::count(request.operations, mutant.operation) > 0;
}

int list(const Request& request) {
  for (const Target& target : targets_of(request))
    for (const Mutant& mutant : mutants_of(lines_of(request.sources + "/" + target.file())))
      if (is_wanted(mutant, request)) fmt::print("{}:{} | {}\n", target.file(), mutant.line, mutant.name());
  return 0;
}

// Names in the file of equivalents that no mutant has any more.
int stale(const std::vector<Equivalent>& equivalents, const Request& request) {
  int count = 0;
  for (const Equivalent& each : equivalents) {
    bool known = false;
    if (fs::exists(request.sources + "/" + each.file))
      for (const Mutant& mutant : mutants_of(lines_of(request.sources + "/" + each.file)))
        known |= mutant.name() == each.mutant;
    if (known) continue;
    fmt::print(stderr, "equivalent.txt names a mutant that there is not: {} | {}\n", each.file, each.mutant);
    count++;
  }
  return count;
}

int judge(const Request& request) {
  const std::string path = request.sources + "/tests/mutants/equivalent.txt";
  const std::vector<Equivalent> equivalents = read_equivalents(path);
  bool failed = stale(equivalents, request) > 0;
  const std::string work = request.build + "/mutants." + std::to_string(getpid());  // several may run side by side
  std::map<std::string, Count> counts;
  for (const Target& target : targets_of(request)) {
    Count& count = counts[target.primitive];
    for (const Mutant& mutant : mutants_of(lines_of(request.sources + "/" + target.file()))) {
      if (!is_wanted(mutant, request)) continue;
      fs::remove_all(work);
      write_overlay(work, target, mutant.source);
      Suite suite(request.sources, request.build, work, target.primitive);
      const std::string name = fmt::format("{}:{} | {}", target.file(), mutant.line, mutant.name());
      const Equivalent* known = find(equivalents, target.file(), mutant);
      if (known != nullptr && !request.equivalents) {
        count.made++;
        count.equivalent++;
        continue;
      }
      bool compiles = true;
      const auto by = killer(suite, target, request, compiles);
      if (!compiles) continue;
      count.made++;
      if (by) {
        count.killed++;
        count.by[*by]++;
        fmt::print("killed by {:<13} {}\n", to_string(*by), name);
        if (request.words) fmt::print("{}\n", suite.last_words());
        if (known != nullptr) {
          fmt::print(stderr, "equivalent.txt says that this mutant cannot be killed: {}\n", name);
          failed = true;
        }
      } else if (known != nullptr) {
        count.equivalent++;
        fmt::print("equivalent              {}\n", name);
      } else {
        count.survived++;
        failed = true;
        fmt::print("SURVIVES                {}\n", name);
      }
      std::fflush(stdout);
    }
  }
  fs::remove_all(work);
  fmt::print("\n");
  for (const auto& [primitive, count] : counts) print(primitive, count);
  return failed ? 1 : 0;
}

std::string help_of_operators() {
  std::string text = "Operators:\n";
  for (const Operator& each : operators()) text += fmt::format("  {:<14} {}\n", each.name, each.help);
  return text +
         "\nA mutant is killed by the first that notices it: the contract (tests/primitives) and then the body of its\n"
         "scenario and its property under explore; its suite under Relacy; the contract on real threads, under\n"
         "ThreadSanitizer. Survivors are killed by better tests, or explained in tests/mutants/equivalent.txt.\n"
         "Exit code: 0 if none survives, 1 if one does, 2 for bad arguments.\n";
}

int main_of_mutants(int argc, char** argv) {
  Request request;
  request.primitives = {"lock", "rlock", "semaphore", "barrier", "queue", "stop_flag", "account"};
  CLI::App app("Breaks the right primitives in small ways, and counts how many of the broken ones their tests notice.");
  app.footer(help_of_operators());
  app.add_option("PRIMITIVE", request.primitives, "as in: lock, or lock/ttas")->capture_default_str();
  app.add_option("--operator", request.operations, "only these");
  app.add_option("--build", request.build, "a build folder that is up to date");
  app.add_option("--seconds", request.seconds, "for each test; who takes longer is killed")->check(CLI::PositiveNumber);
  app.add_flag("--list", request.list, "the mutants, without building them");
  app.add_flag("--quick", request.quick, "ask the contract only: the others take most of the time of a survivor");
  app.add_flag("--equivalents", request.equivalents, "run those too that are said to be equivalent");
  app.add_flag("--words", request.words, "what the test said that killed a mutant");
  try {
    app.parse(argc, argv);
    const auto& known = operators();
    for (const std::string& name : request.operations)
      if (std::ranges::find(known, name, &Operator::name) == known.end())
        throw std::runtime_error("no operator is called " + name + "; see --help");
    request.build = fs::absolute(request.build).string();
    request.sources = sources_of(request.build);
    return request.list ? list(request) : judge(request);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "mutants: {}\n", error.what());
    return 2;
  }
}

}  // namespace
}  // namespace racecourse::mutants

int main(int argc, char** argv) { return racecourse::mutants::main_of_mutants(argc, argv); }
