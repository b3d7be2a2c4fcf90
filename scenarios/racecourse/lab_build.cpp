#include <fmt/core.h>
#include <racecourse/scenarios/lab/phrases.h>
#include <racecourse/scenarios/lab/test_it.h>
#include <racecourse/scenarios/racecourse/cells.h>
#include <racecourse/scenarios/racecourse/lab_build.h>
#include <racecourse/scenarios/racecourse/place.h>

#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <utility>
#include <vector>

namespace racecourse::command {

namespace fs = std::filesystem;
using lab::Exercise;
using lab::Workspace;

namespace {

constexpr const char* kHandedOut = ".racecourse-handed-out";
constexpr int kMostLines = 30;

lab::Ended run_tool(const fs::path& folder, std::vector<std::string> arguments) {
  lab::Job job;
  job.arguments = std::move(arguments);
  job.folder = folder.string();
  job.cpu_seconds = 1'200;
  for (const char* name : {"HOME", "CXX", "CMAKE_PREFIX_PATH", "CMAKE_GENERATOR", "CCACHE_DIR"}) {
    if (const char* value = std::getenv(name)) job.environment.push_back(std::string(name) + "=" + value);
  }
  lab::Ended ended = lab::run_job(job);
  if (!ended.problem.empty()) throw BadRequest(ended.problem);
  return ended;
}

// From the first line that says so: what comes before is about files that were well.
std::string errors_in(const std::string& output) {
  std::string text;
  int lines = 0;
  bool begun = false;
  std::istringstream stream(output);
  for (std::string line; std::getline(stream, line) && lines < kMostLines;) {
    begun = begun || line.find("error") != std::string::npos || line.find("Error") != std::string::npos ||
            line.find("undefined reference") != std::string::npos;
    if (!begun) continue;
    text += "  " + line + "\n";
    ++lines;
  }
  return text.empty() ? output : text;
}

// What is in `folder` as a workspace is laid out. Empty: it is built.
std::string build(const fs::path& folder, const std::string& target, const std::string& language) {
  const fs::path build = folder / "build";
  if (!fs::exists(build / "CMakeCache.txt")) {
    fmt::print("{}\n", lab::said_in(language, lab::phrase::kPreparing));
    std::fflush(stdout);
    std::vector<std::string> configure{"cmake", "-S", folder.string(), "-B", build.string()};
    if (!installed_prefix().empty()) configure.push_back("-DCMAKE_PREFIX_PATH=" + installed_prefix());
    const lab::Ended configured = run_tool(folder, configure);
    if (configured.exit_code != 0) {
      fs::remove(build / "CMakeCache.txt");
      return errors_in(configured.output);
    }
  }
  const lab::Ended built = run_tool(folder, {"cmake", "--build", build.string(), "--target", target});
  return built.exit_code == 0 ? "" : errors_in(built.output);
}

void write_if_changed(const fs::path& file, const std::string& text) {
  if (!fs::exists(file) || lab::read_file(file) != text) lab::write_file(file, text);
}

// Beside the code that was handed out stands the student's own test.
fs::path lay_out_handed_out(const Workspace& workspace) {
  const fs::path folder = workspace.folder() / kHandedOut;
  std::vector<const Exercise*> all;
  for (const lab::Progress& one : workspace.progress()) all.push_back(lab::find_exercise(one.name));
  for (const lab::File& file : lab::common_files(all, "en")) write_if_changed(folder / file.path, file.text);
  for (const Exercise* one : all) {
    const std::string test = one->name + "/" + lab::kTestFile;
    for (const lab::File& file : lab::built_files_of(*one)) {
      const bool own = file.path == test && fs::exists(workspace.folder() / test);
      write_if_changed(folder / file.path, own ? lab::read_file(workspace.folder() / test) : file.text);
    }
  }
  return folder;
}

}  // namespace

const Exercise& meant(const Workspace& workspace, const std::string& name) {
  const Exercise* current = name.empty() ? workspace.current() : lab::exercises_called({name}).front();
  if (current == nullptr) throw BadRequest("every exercise is done; name one");
  if (!workspace.has(current->name)) throw BadRequest(current->name + " is not in this workspace");
  return *current;
}

std::string build_mine(const Workspace& workspace, const Exercise& exercise) {
  return build(workspace.folder(), exercise.name, workspace.language());
}

fs::path program_of_mine(const Workspace& workspace, const Exercise& exercise) {
  return workspace.folder() / "build" / exercise.name;
}

fs::path build_handed_out(const Workspace& workspace, const Exercise& exercise) {
  const fs::path folder = lay_out_handed_out(workspace);
  const std::string errors = build(folder, exercise.name, workspace.language());
  if (!errors.empty()) throw BadRequest("the code that was handed out cannot be built here: " + errors);
  return folder / "build" / exercise.name;
}

Built build_test(const Workspace& workspace, const Exercise& exercise, Code code) {
  const fs::path folder = code == Code::mine ? workspace.folder() : lay_out_handed_out(workspace);
  const std::string target = exercise.name + ".test";
  return {build(folder, target, workspace.language()), folder / "build" / target};
}

lab::Job check_job(const Workspace& workspace) {
  lab::Job job;
  job.folder = workspace.folder().string();
  return job;
}

}  // namespace racecourse::command
