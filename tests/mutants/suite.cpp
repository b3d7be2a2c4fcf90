#include <fmt/core.h>
#include <racecourse/tests/mutants/suite.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace racecourse::mutants {
namespace {

namespace fs = std::filesystem;

std::string contents(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string output_of(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot run " + command);
  std::string text;
  char buffer[1 << 16];
  for (std::size_t count; (count = fread(buffer, 1, sizeof buffer, pipe)) > 0;) text.append(buffer, count);
  pclose(pipe);
  return text;
}

std::string last_line(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

// tests/primitives/lock_test.cpp -> tests_primitives_lock_test.cpp.o
std::string object_name(std::string source) {
  std::ranges::replace(source, '/', '_');
  return source + ".o";
}

}  // namespace

const char* to_string(Judge judge) {
  switch (judge) {
    case Judge::contract:
      return "contract";
    case Judge::contract_tsan:
      return "contract-tsan";
    case Judge::body:
      return "body";
    case Judge::property:
      return "property";
    case Judge::relacy:
      return "relacy";
  }
  return "?";
}

Suite::Suite(std::string sources, std::string build, std::string work, std::string primitive)
    : sources_(std::move(sources)), build_(std::move(build)), work_(std::move(work)), primitive_(std::move(primitive)) {
  const std::string path = build_ + "/compile_commands.json";
  if (!fs::exists(path)) throw std::runtime_error(path + " is missing: configure the build folder first");
  commands_ = nlohmann::json::parse(contents(path));
}

Suite::Program Suite::program_of(Judge judge) const {
  const std::string name = primitive_ + ".cpp";
  switch (judge) {
    case Judge::contract:
      return {"tests/primitives/primitives_test.explore", {"tests/primitives/" + primitive_ + "_test.cpp"}, true};
    case Judge::contract_tsan:
      return {"tests/primitives/primitives_test.tsan", {"tests/primitives/" + primitive_ + "_test.cpp"}, true};
    case Judge::body:
    case Judge::property:
      return {"racecourse-explore", {"scenarios/primitives/" + name, "scenarios/properties/" + name}, false};
    case Judge::relacy:
      return {"racecourse-relacy", {"scenarios/relacy/" + name}, false};
  }
  return {};
}

bool Suite::has(Judge judge, const std::string& variant) const {
  if (judge == Judge::contract || judge == Judge::contract_tsan || judge == Judge::body) return true;
  // Declared by its name there, or by its full name.
  const std::string source = sources_ + "/" + program_of(judge).sources.back();
  if (!fs::exists(source)) return false;
  const std::string text = contents(source);
  return text.find("\"" + primitive_ + "/" + variant + "\"") != std::string::npos ||
         text.find("\"" + variant + "\"") != std::string::npos;
}

bool Suite::run(const std::string& command) const {
  const int status = std::system(("cd '" + build_ + "' && (" + command + ") >'" + work_ + "/said' 2>&1").c_str());
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::string Suite::last_words() const {
  std::string text = contents(work_ + "/said");
  const auto from = text.size() > 2000 ? text.find('\n', text.size() - 2000) + 1 : 0;
  return text.substr(from);
}

// The object, made once for all programs; nothing if it does not compile.
std::optional<std::string> Suite::compiled(const std::string& source) {
  std::string object = work_ + "/" + object_name(source);
  if (std::ranges::find(made_, object) != made_.end()) return object;
  const std::string path = sources_ + "/" + source;
  const auto entry = std::ranges::find_if(commands_, [&](const auto& each) { return each.at("file") == path; });
  if (entry == commands_.end()) throw std::runtime_error("the build folder does not know " + source);
  std::string command = entry->at("command");
  // No debug information: nobody reads reports, and it is a third of the time.
  command = std::regex_replace(command, std::regex(" -o [^ ]+"), " -g0 -w -o '" + object + "'");
  const auto first_include = command.find(" -I");
  if (first_include == std::string::npos) throw std::runtime_error("no -I in the command for " + source);
  command.insert(first_include, " -I'" + work_ + "/overlay'");
  if (!run("CCACHE_DISABLE=1 " + command)) return std::nullopt;
  made_.push_back(object);
  return object;
}

bool Suite::linked(const Program& program, const std::string& to) {
  std::string command =
      last_line(output_of("ninja -C '" + build_ + "' -t commands '" + program.target + "' 2>/dev/null"));
  // A link is wrapped in ": && ... && :", and may be followed by what lists the tests.
  const auto end = command.find(" && :");
  if (!command.starts_with(": && ") || end == std::string::npos)
    throw std::runtime_error("the build folder does not know how to link " + program.target);
  command = command.substr(5, end - 5);
  std::istringstream words(command);
  std::string changed, fresh;
  for (const std::string& source : program.sources) fresh += "'" + work_ + "/" + object_name(source) + "' ";
  const std::string folder = fs::path(program.sources.front()).parent_path();
  for (std::string word, before; words >> word; before = word) {
    if (before == "-o") word = "'" + to + "'";
    bool is_replaced = word.ends_with(".o") && program.only_these && word.starts_with(folder + "/");
    // CMake puts scenarios/relacy/lock.cpp into scenarios/CMakeFiles/TARGET.dir/relacy/lock.cpp.o.
    for (const std::string& source : program.sources)
      is_replaced |= word.ends_with(".dir/" + source.substr(source.find('/') + 1) + ".o");
    // In the place of the first: archives must come later.
    changed += is_replaced ? std::exchange(fresh, "") : word + " ";
  }
  if (!fresh.empty()) throw std::runtime_error(program.target + " is linked without " + program.sources.front());
  return run(changed);
}

Says Suite::ask(Judge judge, const std::string& variant, double seconds) {
  const Program program = program_of(judge);
  if (judge == Judge::contract) made_.clear();
  for (const std::string& source : program.sources)
    if (!compiled(source)) return judge == Judge::contract ? Says::does_not_compile : Says::killed;
  const std::string executable = work_ + "/" + to_string(judge);
  const bool is_there = judge == Judge::property && fs::exists(work_ + "/" + to_string(Judge::body));
  const std::string runs = is_there ? work_ + "/" + to_string(Judge::body) : executable;
  if (!is_there && !linked(program, executable)) {
    throw std::runtime_error("cannot link " + program.target + ": " + last_words());
  }
  const std::string limit = fmt::format("timeout -k 5 {:.0f} ", seconds);
  bool survives;
  if (judge == Judge::contract || judge == Judge::contract_tsan) {
    survives = run(limit + "'" + runs + "' --gtest_fail_fast");
  } else {
    const std::string entry = primitive_ + "/" + variant;
    const char* checker = judge == Judge::body ? "explore" : to_string(judge);
    survives = run(limit + "'" + runs + "' --run " + entry + " --checker " + checker);
    const std::string said = contents(work_ + "/said");
    survives &= said.find("\"verdict\":\"not-found\"") != std::string::npos ||
                said.find("\"verdict\":\"proved\"") != std::string::npos;
  }
  if (judge != Judge::body) fs::remove(runs);
  return survives ? Says::nothing : Says::killed;
}

}  // namespace racecourse::mutants
