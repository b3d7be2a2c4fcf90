#include <fmt/core.h>
#include <racecourse/scenarios/json.h>
#include <racecourse/scenarios/lab/break_it.h>
#include <racecourse/scenarios/lab/judge_it.h>
#include <racecourse/scenarios/lab/paragraph.h>
#include <racecourse/scenarios/lab/phrases.h>
#include <racecourse/scenarios/lab/test_it.h>
#include <racecourse/scenarios/lab/view.h>
#include <racecourse/scenarios/lab/workspace.h>
#include <racecourse/scenarios/racecourse/cells.h>
#include <racecourse/scenarios/racecourse/suggest.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>
#include <utility>

namespace racecourse::lab {
namespace {

namespace fs = std::filesystem;
using catalogue::Json;
using command::BadRequest;

constexpr const char* kState = ".racecourse-lab.json";

// What checks leave in the folder, which is nobody's work.
constexpr const char* kIgnoreFile = ".gitignore";
constexpr const char* kIgnored = "build/\n.racecourse-handed-out/\n.racecourse-last.json\n*.before_reset\n";

// One of a list.
std::string item(const std::string& text) { return wrapped("- " + text, kTerminal, "  "); }

std::string story(const Exercise& exercise, const std::string& language) {
  using namespace phrase;
  const Texts texts = texts_in(exercise, language);
  const auto say = [&](std::string_view english, const auto&... arguments) {
    return item(said_in(language, english, arguments...));
  };
  std::string text = "# " + texts.title + "\n\n" + wrapped(texts.story) + "\n";
  text += say(kYourFile, exercise.file);
  text += say(kPromises, fmt::format("contracts/racecourse/primitives/{0}/{0}.h", exercise.primitive));
  text += say(kChecks, exercise.name);
  text += say(kJudge, kAnswersFile);
  if (can_be_broken(exercise)) text += say(kBreak, exercise.name, kScheduleFile);
  text += say(kMend);
  text += say(kTest, kTestFile);
  text += "\n" + said_in(language, kAsks) + "\n\n";
  for (const Check& check : exercise.checks) {
    text += item(fmt::format("{}, `{}`: {}", to_string(check.rung), check.name, said_in(language, check.asks)));
  }
  return text;
}

const char* const kCMake = R"(cmake_minimum_required(VERSION 3.22)
project(race_lab LANGUAGES CXX)
find_package(racecourse REQUIRED)
# One program an exercise, made of its checks and of your file.
foreach(exercise @EXERCISES@)
  racecourse_add_lab(${exercise})
endforeach()
)";

std::string readme(const std::vector<const Exercise*>& exercises, const std::string& language) {
  using namespace phrase;
  std::string text = "# Race lab\n\n" + wrapped(said_in(language, kFolder)) + "\n```sh\n";
  constexpr std::pair<const char*, const char*> kCommands[] = {
      {"", kToStatus},    {" check", kToCheck}, {" watch", kToWatch}, {" play", kToPlay},
      {" step", kToStep}, {" hint", kToHint},   {" skip", kToSkip},   {" reset", kToReset}};
  for (const auto& [command, what] : kCommands) {
    text += fmt::format("racecourse lab{:<12}# {}\n", command, said_in(language, what));
  }
  text += "```\n\n" + said_in(language, kColumns) + "\n|---|---|---|\n";
  for (const Exercise* exercise : exercises) {
    text += fmt::format("| [{0}]({0}/STORY.md) | {1} | {2} |\n", exercise->name, texts_in(*exercise, language).title,
                        exercise->difficulty);
  }
  return text;
}

bool nothing_is_in(const fs::path& folder) {
  return std::ranges::none_of(fs::directory_iterator(folder), [](const fs::directory_entry& entry) {
    return !entry.path().filename().string().starts_with(".") || entry.path().filename() == kState;
  });
}

}  // namespace

void write_file(const fs::path& file, const std::string& text) {
  std::error_code error;
  if (file.has_parent_path()) fs::create_directories(file.parent_path(), error);
  if (error) throw BadRequest("cannot make the folder " + file.parent_path().string() + ": " + error.message());
  errno = 0;
  std::ofstream stream(file, std::ios::binary);
  stream << text << std::flush;
  if (!stream) throw BadRequest("cannot write " + file.string() + ": " + std::generic_category().message(errno));
}

std::string read_file(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

std::vector<const Exercise*> exercises_called(const std::vector<std::string>& names) {
  std::vector<std::string> known;
  for (const Exercise& exercise : exercises()) known.push_back(exercise.name);
  for (const std::string& name : names) {
    if (find_exercise(name) != nullptr) continue;
    const std::string hint = command::did_you_mean(name, known);
    throw BadRequest("no exercise is called \"" + name + "\"" +
                     (hint.empty() ? "; `racecourse lab list` shows them all" : hint));
  }
  std::vector<const Exercise*> meant;
  for (const Exercise& exercise : exercises()) {
    if (names.empty() || std::ranges::find(names, exercise.name) != names.end()) meant.push_back(&exercise);
  }
  return meant;
}

std::vector<File> built_files_of(const Exercise& exercise) {
  return {{exercise.name + "/" + exercise.file, starter_text(exercise)},
          {exercise.name + "/checks.cpp", checks_text(exercise)},
          {exercise.name + "/" + kTestFile, test_starter_text(exercise)},
          {exercise.name + "/" + kRunTestFile, run_test_text(exercise)}};
}

std::vector<File> files_of(const Exercise& exercise, const std::string& language) {
  std::vector<File> files = built_files_of(exercise);
  files.push_back({exercise.name + "/STORY.md", story(exercise, language)});
  files.push_back({exercise.name + "/" + kAnswersFile, answers_form(language)});
  return files;
}

std::vector<File> common_files(const std::vector<const Exercise*>& exercises, const std::string& language) {
  std::string names;
  for (const Exercise* exercise : exercises) names += (names.empty() ? "" : " ") + exercise->name;
  std::string build = kCMake;
  build.replace(build.find("@EXERCISES@"), std::string("@EXERCISES@").size(), names);
  std::vector<File> files{
      {"CMakeLists.txt", build}, {"README.md", readme(exercises, language)}, {kIgnoreFile, kIgnored}};
  for (const Exercise* exercise : exercises) {
    const std::string header = "racecourse/primitives/" + exercise->primitive + "/" + exercise->primitive + ".h";
    if (std::ranges::find(files, "contracts/" + header, &File::path) != files.end()) continue;
    files.push_back({"contracts/" + header, contract_only(kit_text(header.substr(header.find('/') + 1)))});
  }
  return files;
}

Workspace Workspace::find(const fs::path& folder) {
  for (fs::path here = fs::absolute(folder).lexically_normal();; here = here.parent_path()) {
    if (fs::exists(here / kState)) {
      Workspace found;
      found.folder_ = here;
      try {
        const Json state = Json::parse(read_file(here / kState));
        found.language_ = state.at("language");
        for (const Json& one : state.at("exercises")) {
          Progress progress{one.at("name"),
                            one.at("done"),
                            one.at("skipped"),
                            one.at("hints"),
                            one.value("broke", false),
                            one.value("judged", false),
                            one.value("tested", false)};
          if (find_exercise(progress.name) != nullptr) found.progress_.push_back(progress);
        }
      } catch (const Json::exception&) {
        throw BadRequest((here / kState).string() +
                         " cannot be understood; start a new workspace and copy your files into it");
      }
      return found;
    }
    if (here == here.parent_path() || here.empty()) break;
  }
  throw BadRequest("there is no lab in this folder; make one with `racecourse lab start DIR`, and go there");
}

Workspace Workspace::start(const fs::path& folder, const std::vector<std::string>& names, const std::string& language) {
  const std::vector<const Exercise*> chosen = exercises_called(names);
  try {
    texts_in(*chosen.front(), language);
  } catch (const std::invalid_argument& error) {
    throw BadRequest(error.what());
  }
  if (fs::exists(folder) && !fs::is_directory(folder)) throw BadRequest(folder.string() + " is not a folder");
  if (fs::exists(folder) && (!nothing_is_in(folder) || fs::exists(folder / kState))) {
    throw BadRequest(folder.string() + " is not empty; name a new folder");
  }
  Workspace made;
  made.folder_ = fs::absolute(folder).lexically_normal();
  made.language_ = language;
  std::vector<File> files = common_files(chosen, language);
  for (const Exercise* exercise : chosen) {
    for (File& file : files_of(*exercise, language)) files.push_back(std::move(file));
    made.progress_.push_back({.name = exercise->name});
  }
  for (const File& file : files) {
    // The folder may be a repository already, with a list of its own.
    if (file.path == kIgnoreFile && fs::exists(made.folder_ / file.path)) continue;
    write_file(made.folder_ / file.path, file.text);
  }
  made.save();
  return made;
}

bool Workspace::has(const std::string& name) const {
  return std::ranges::find(progress_, name, &Progress::name) != progress_.end();
}

Progress& Workspace::progress_of(const std::string& name) {
  const auto found = std::ranges::find(progress_, name, &Progress::name);
  if (found == progress_.end()) throw BadRequest(name + " is not in this workspace");
  return *found;
}

const Exercise* Workspace::current() const {
  for (const bool skipped : {false, true}) {
    for (const Progress& one : progress_) {
      if (!one.done && one.skipped == skipped) return find_exercise(one.name);
    }
  }
  return nullptr;
}

void Workspace::save() const {
  Json state;
  state["language"] = language_;
  state["exercises"] = Json::array();
  for (const Progress& one : progress_) {
    Json json;
    json["name"] = one.name;
    json["done"] = one.done;
    json["skipped"] = one.skipped;
    json["hints"] = one.hints;
    json["broke"] = one.broke;
    json["judged"] = one.judged;
    json["tested"] = one.tested;
    state["exercises"].push_back(json);
  }
  write_file(folder_ / kState, state.dump(2) + "\n");
}

}  // namespace racecourse::lab
