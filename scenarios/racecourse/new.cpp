// A scenario of the reader's own, from a template: into the catalogue that is there, or into a project made for it.
#include <fmt/core.h>
#include <racecourse/scenarios/racecourse/commands.h>
#include <racecourse/scenarios/racecourse/place.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace racecourse::command {
namespace {

namespace fs = std::filesystem;

constexpr const char* kNameCharacters = "abcdefghijklmnopqrstuvwxyz0123456789_";

// Small letters, digits and _, whatever it was.
std::string as_name(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  std::ranges::replace_if(
      text, [](char c) { return std::string_view(kNameCharacters).find(c) == std::string_view::npos; }, '_');
  return text;
}

void check_name(const std::string& name) {
  if (!name.empty() && name == as_name(name)) return;
  throw BadRequest("\"" + name + "\" cannot be the name of a scenario: use a-z, 0-9 and _" +
                   (name.empty() ? "" : ", as in " + as_name(name)));
}

std::string text_of(const fs::path& file) {
  std::ifstream stream(file);
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

bool is_this_repository(const fs::path& folder) { return fs::exists(folder / "scenarios" / "scenario.h"); }

// The name of the catalogue that is built in `folder`, which is that of its command; "" if there is none.
std::string catalogue_in(const fs::path& folder) {
  if (is_this_repository(folder)) return "racecourse";
  static const std::regex kCall(R"(racecourse_add_catalogue\(\s*([A-Za-z0-9_.+-]+))");
  const std::string text = text_of(folder / "CMakeLists.txt");
  std::smatch match;
  return std::regex_search(text, match, kCall) ? match[1].str() : "";
}

// Hidden files do not count: a version control system has some from the start.
bool nothing_is_in(const fs::path& folder) {
  return std::ranges::none_of(fs::directory_iterator(folder), [](const fs::directory_entry& entry) {
    return !entry.path().filename().string().starts_with(".");
  });
}

// The folder that the scenario belongs to: one with a catalogue, or one for a project to be made in.
fs::path home_of_scenario(const std::string& asked) {
  if (!asked.empty()) {
    const fs::path folder = fs::absolute(asked).lexically_normal();
    return folder.has_filename() ? folder : folder.parent_path();  // "x/" is x
  }
  const fs::path here = fs::current_path();
  for (fs::path folder = here;; folder = folder.parent_path()) {
    if (!catalogue_in(folder).empty()) return folder;
    if (folder == folder.parent_path()) return here;
  }
}

std::string filled_in(const std::string& file, const std::vector<std::pair<std::string, std::string>>& values) {
  std::string text = text_of(shared_file(file));
  for (const auto& [name, value] : values) {
    for (std::size_t at = 0; (at = text.find(name, at)) != std::string::npos; at += value.size()) {
      text.replace(at, name.size(), value);
    }
  }
  return text;
}

void check_is_new(const fs::path& home, const std::string& name) {
  if (!fs::exists(home / "scenarios")) return;
  for (const fs::directory_entry& folder : fs::directory_iterator(home / "scenarios")) {
    const fs::path file = folder.path() / (name + ".cpp");
    if (fs::exists(file)) throw BadRequest("there is a scenario called " + name + " already, in " + file.string());
  }
}

void write(const fs::path& file, const std::string& text) {
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  if (error) throw BadRequest("cannot make the folder " + file.parent_path().string() + ": " + error.message());
  errno = 0;
  std::ofstream stream(file);
  stream << text << std::flush;
  if (!stream) {
    throw BadRequest("cannot write " + file.string() + ": " + std::generic_category().message(errno));
  }
  fmt::print("wrote {}\n", fs::proximate(file).string());
}

std::string path_variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : ":" + std::string(value) + ":";
}

// What find_package() must be told, if it would not look there by itself.
std::string prefix_option(const std::string& prefix) {
  const bool looked_at = prefix == "/usr" || prefix == "/usr/local" ||
                         path_variable("CMAKE_PREFIX_PATH").find(":" + prefix + ":") != std::string::npos ||
                         path_variable("PATH").find(":" + prefix + "/bin:") != std::string::npos;
  return looked_at ? "" : " -DCMAKE_PREFIX_PATH=" + prefix;
}

void say_how_to_go_on(const fs::path& home, const std::string& run) {
  fmt::print("\nIt builds, and is red until it is filled in:\n");
  if (home != fs::current_path()) fmt::print("  cd {}\n", fs::proximate(home).string());
  if (is_this_repository(home)) {
    fmt::print("  ci/build default catalogue\n");
  } else {
    std::string prefix = installed_prefix();
    if (prefix.empty()) {
      prefix = "$HOME/racecourse";
      const std::string build = own_folder();
      fmt::print("  cmake --build {} --target installable && cmake --install {} --prefix {}\n", build, build, prefix);
    }
    if (!fs::exists(home / "build" / "CMakeCache.txt")) fmt::print("  cmake -B build{}\n", prefix_option(prefix));
    fmt::print("  cmake --build build\n");
  }
  fmt::print("  {}\n", run);
}

}  // namespace

int new_scenario(const NewRequest& request) {
  check_name(request.name);
  const fs::path home = home_of_scenario(request.folder);
  if (fs::exists(home) && !fs::is_directory(home)) throw BadRequest(home.string() + " is not a folder");
  const bool fresh = catalogue_in(home).empty();
  if (fresh && fs::exists(home) && !nothing_is_in(home)) {
    throw BadRequest(home.string() +
                     " is not empty, and no CMakeLists.txt there calls racecourse_add_catalogue(); "
                     "call it, or name an empty folder with --dir");
  }
  check_is_new(home, request.name);
  if (fresh) {
    const std::string project = as_name(home.filename().string());
    write(home / "CMakeLists.txt", filled_in("new/CMakeLists.txt.in", {{"@PROJECT@", project}}));
  }
  const std::string command = "build/" + (fresh ? "racecourse" : catalogue_in(home));
  write(home / "scenarios" / request.name / (request.name + ".cpp"),
        filled_in("new/scenario.cpp.in", {{"@NAME@", request.name}, {"@COMMAND@", command}}));
  say_how_to_go_on(home, command + " run " + request.name);
  return 0;
}

}  // namespace racecourse::command
