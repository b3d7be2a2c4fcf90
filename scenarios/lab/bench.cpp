#include <fmt/core.h>
#include <racecourse/checkers/replace_all.h>
#include <racecourse/scenarios/json.h>
#include <racecourse/scenarios/lab/bench.h>
#include <racecourse/scenarios/lab/confine.h>
#include <racecourse/scenarios/lab/view.h>
#include <racecourse/scenarios/lab/workspace.h>
#include <racecourse/scenarios/racecourse/cells.h>
#include <racecourse/scenarios/racecourse/place.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

namespace racecourse::lab {
namespace {

namespace fs = std::filesystem;
using command::BadRequest;

// Names for std's own types: whoever wants them may have them.
const char* const kAtomics = "\n#include <racecourse/primitives/sync/sync.h>\n";

constexpr unsigned kCompileSeconds = 240;
constexpr unsigned kCheckSeconds = 600;
constexpr std::uint64_t kCompilerMemory = 4ull << 30;
constexpr std::uint64_t kCheckMemory = 1ull << 30;
constexpr std::size_t kMostErrors = 2'000;  // characters of what the compiler said

std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  std::istringstream stream(line);
  for (std::string word; stream >> word;) {
    // CMake escapes what a shell would take apart.
    std::string plain;
    for (std::size_t i = 0; i < word.size(); i++) {
      if (word[i] == '\\' && i + 1 < word.size())
        ++i;
      else if (word[i] == '"')
        continue;
      plain += word[i];
    }
    words.push_back(plain);
  }
  return words;
}

// What the compiler said of what was built in `folder`, as on every machine and every time: without where things lie,
// and not more than a person reads.
std::string said(std::string output, const fs::path& place, const fs::path& folder) {
  replace_all(output, folder.string() + "/", "");
  replace_all(output, (place / "kit").string() + "/", "");
  replace_all(output, command::header_folder() + "/", "racecourse/");
  if (output.size() <= kMostErrors) return output;
  return output.substr(0, kMostErrors) + "\n...";
}

std::string why_stopped(const Ended& ended) {
  if (!ended.problem.empty()) return ended.problem;
  return "the compiler was stopped at its limits";
}

bool is_blank(const std::string& text) { return text.find_first_not_of(" \t\r\n\f\v") == std::string::npos; }

// What a program is built of, and where it runs: a picture takes the names of variables from the sources, which the
// compiler was told lie in the working folder.
void put_sources(const Exercise& exercise, const std::string& text, const fs::path& folder) {
  write_file(folder / exercise.file, text);
  write_file(folder / "checks.cpp", checks_text(exercise));
}

bool can_read_confined(const std::string& file) {
  Job job;
  job.arguments = {"test", "-r", file};
  job.folder = "/tmp";
  job.confined = Confinement{};
  return run_job(job).exit_code == 0;
}

}  // namespace

const char* to_string(Status status) {
  switch (status) {
    case Status::checked:
      return "checked";
    case Status::missing:
      return "missing";
    case Status::empty:
      return "empty";
    case Status::unchanged:
      return "unchanged";
    case Status::refused:
      return "refused";
    case Status::does_not_build:
      return "does-not-build";
  }
  return "?";
}

bool Judged::passed(Rung rung) const {
  bool any = false;
  for (const Result& result : results) {
    if (result.check->rung != rung) continue;
    if (!result.ran || !result.outcome.passed) return false;
    any = true;
  }
  return any;
}

bool Judged::passed() const {
  return status == Status::checked &&
         std::ranges::all_of(results, [](const Result& result) { return result.ran && result.outcome.passed; });
}

int Judged::points(const Exercise& exercise) const {
  int sum = 0;
  for (const Rung rung : kRungs) {
    const bool asked = std::ranges::any_of(exercise.checks, [&](const Check& check) { return check.rung == rung; });
    if (!asked) continue;
    if (!passed(rung)) break;  // a ladder: what stands on nothing does not count
    sum += lab::points(rung);
  }
  return sum;
}

Bench::Bench(const std::vector<const Exercise*>& exercises, bool confined) : confined_(confined) {
  if (confined) {
    if (const std::string problem = why_not_confined(); !problem.empty()) {
      throw BadRequest(
          "other people's code cannot be confined on this machine (" + problem +
          "); run as root, or where user namespaces are allowed; --unsafe-without-isolation runs it as you");
    }
  }
  // Otherwise nobody's code would build, whoever wrote it.
  if (confined && !can_read_confined(command::header_folder() + "/scenarios/lab/checks.h")) {
    throw BadRequest("the user that other people's code runs as cannot read " + command::header_folder() +
                     "; install Racecourse where everybody can read it");
  }
  chmod(place_.path().c_str(), 0755);  // the confined user reads the kit in there
  const fs::path kit = place_.path() / "kit";
  for (const File& file : common_files(exercises, "en")) write_file(kit / file.path, file.text);
  for (const Exercise* exercise : exercises) write_file(kit / exercise->name / "checks.cpp", checks_text(*exercise));
  Job job;
  job.folder = kit.string();
  job.arguments = {"cmake",
                   "-S",
                   kit.string(),
                   "-B",
                   (kit / "build").string(),
                   "-G",
                   "Unix Makefiles",
                   "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON"};
  const std::string prefix = command::installed_prefix();
  if (!prefix.empty()) job.arguments.push_back("-DCMAKE_PREFIX_PATH=" + prefix);
  for (const char* name : {"CXX", "CMAKE_PREFIX_PATH"}) {
    if (const char* value = std::getenv(name)) job.environment.push_back(std::string(name) + "=" + value);
  }
  const Ended configured = run_job(job);
  if (configured.exit_code != 0) {
    throw BadRequest("the kit cannot be built here: " +
                     (configured.problem.empty() ? configured.output : configured.problem));
  }
  for (const Exercise* exercise : exercises) commands_[exercise->name] = commands_of(*exercise);
}

Bench::Commands Bench::commands_of(const Exercise& exercise) const {
  const fs::path build = place_.path() / "kit" / "build";
  const std::string source = (place_.path() / "kit" / exercise.name / "checks.cpp").string();
  Commands commands;
  for (const auto& entry : catalogue::Json::parse(read_file(build / "compile_commands.json"))) {
    if (entry.at("file") == source) commands.compile = words_of(entry.at("command").get<std::string>());
  }
  commands.link = words_of(read_file(build / "CMakeFiles" / (exercise.name + ".dir") / "link.txt"));
  // Ours are named where they are used.
  for (const char* option : {"-o", "-c"}) {
    const auto at = std::ranges::find(commands.compile, option);
    if (at != commands.compile.end()) commands.compile.erase(at, at + 2);
  }
  for (std::string& word : commands.link) {
    if (word.ends_with("/checks.cpp.o")) word = "checks.o";
    if (word == exercise.name) word = "checks";
  }
  if (commands.compile.empty() || commands.link.empty()) {
    throw BadRequest("this CMake does not say how it would build " + exercise.name);
  }
  return commands;
}

fs::path Bench::fresh_folder(const char* name) {
  const fs::path folder = place_.path() / (name + std::to_string(++folders_));
  fs::create_directory(folder);
  chmod(folder.c_str(), 0700);
  if (confined_ && chown(folder.c_str(), confined_user(), confined_user()) != 0 && geteuid() == 0) {
    throw BadRequest("cannot give a folder to the confined user");
  }
  return folder;
}

Job Bench::confined_job(const fs::path& folder) const {
  Job job;
  job.folder = folder.string();
  if (confined_) job.confined = Confinement{hidden_};
  return job;
}

Job Bench::check_job(const fs::path& folder) const {
  Job job = confined_job(folder);
  job.cpu_seconds = kCheckSeconds;
  job.resident_bytes = kCheckMemory;
  return job;
}

std::string Bench::build(const Exercise& exercise, const std::string& text, const fs::path& folder) {
  put_sources(exercise, text, folder);
  write_file(folder / "alone.cpp", "#include \"" + exercise.file + "\"\n");
  return build(exercise, folder, "checks.cpp");
}

std::string Bench::build(const Exercise& exercise, const fs::path& folder, const std::string& source) {
  const Commands& commands = commands_.at(exercise.name);
  const auto run = [&](std::vector<std::string> arguments, std::vector<std::string> more) {
    Job job = confined_job(folder);
    arguments.insert(arguments.end(), more.begin(), more.end());
    job.arguments = std::move(arguments);
    job.cpu_seconds = kCompileSeconds;
    job.memory_bytes = kCompilerMemory;
    return run_job(job);
  };
  const std::string map = "-ffile-prefix-map=" + folder.string() + "=.";
  Ended ended = run(commands.compile, {"-fno-sanitize=all", "-O0", "-g0", map, "-o", "alone.o", "-c", "alone.cpp"});
  if (ended.exit_code == 0) {
    if (const std::string clause = why_object_refused((folder / "alone.o").string()); !clause.empty()) {
      return "refused: " + clause;
    }
    ended = run(commands.compile, {map, "-o", "checks.o", "-c", source});
  }
  if (ended.exit_code == 0) ended = run(commands.link, {});
  if (ended.exit_code == 0) return "";
  return ended.output.empty() || !ended.exit_code ? why_stopped(ended) : said(ended.output, place_.path(), folder);
}

Judged Bench::judge(const Exercise& exercise, const std::optional<std::string>& text, bool every) {
  Judged judged;
  for (const Check& check : exercise.checks) judged.results.push_back({&check, false, {}});
  const auto ends = [&](Status status, const std::string& reason) {
    judged.status = status;
    judged.reason = reason;
    return judged;
  };
  if (!text) return ends(Status::missing, "there is no " + exercise.name + "/" + exercise.file);
  if (is_blank(*text)) return ends(Status::empty, "there is nothing in it");
  const std::string starter = starter_text(exercise);
  if (!every && same_code(*text, starter)) return ends(Status::unchanged, "it is the file that was handed out");
  judged.patterns = patterns_in(*text, starter);
  if (const std::string clause = why_refused(*text, starter + reference_text(exercise) + kAtomics); !clause.empty()) {
    return ends(Status::refused, clause);
  }
  const fs::path folder = fresh_folder("built");
  const std::string errors = build(exercise, *text, folder);
  if (errors.starts_with("refused: ")) return ends(Status::refused, errors.substr(9));
  if (!errors.empty()) return ends(Status::does_not_build, errors);
  chmod(folder.c_str(), 0755);

  judged.status = Status::checked;
  std::optional<Rung> failed;
  for (Result& result : judged.results) {
    if (!every && failed && *failed != result.check->rung) break;
    const fs::path scratch = fresh_folder("run");
    put_sources(exercise, *text, scratch);
    result.outcome = run_check((folder / "checks").string(), result.check->name, check_job(scratch));
    result.ran = true;
    if (!result.outcome.passed) failed = result.check->rung;
    fs::remove_all(scratch);
  }
  fs::remove_all(folder);
  return judged;
}

Broken Bench::break_it(const Exercise& exercise, const std::string& schedule) {
  fs::path& folder = starters_[exercise.name];
  if (folder.empty()) {
    const fs::path fresh = fresh_folder("starter");
    if (const std::string errors = build(exercise, starter_text(exercise), fresh); !errors.empty()) {
      throw BadRequest("the starter of " + exercise.name + " cannot be built here: " + errors);
    }
    chmod(fresh.c_str(), 0755);
    folder = fresh;
  }
  const fs::path scratch = fresh_folder("run");
  put_sources(exercise, starter_text(exercise), scratch);
  const Broken broken = lab::break_it((folder / "checks").string(), exercise, schedule, check_job(scratch));
  fs::remove_all(scratch);
  return broken;
}

}  // namespace racecourse::lab
