#include <racecourse/checkers/report/paths.h>
#include <racecourse/checkers/report/symbolize.h>

#include <filesystem>

namespace racecourse::report {
namespace {

namespace fs = std::filesystem;

// `file` below `directory` as a relative path, else empty.
std::string below(const fs::path& file, const fs::path& directory) {
  if (directory.empty() || directory == directory.root_path()) return {};
  const fs::path relative = file.lexically_relative(directory);
  if (relative.empty() || *relative.begin() == ".." || *relative.begin() == ".") return {};
  return relative.string();
}

std::string with_line(std::string text, int line) {
  if (!text.empty() && line > 0) text += ":" + std::to_string(line);
  return text;
}

}  // namespace

std::string readable_path(const std::string& file, const std::string& compile_directory) {
  const fs::path path = fs::path(file).lexically_normal();
  if (!path.is_absolute()) {
    // "../src/x.cpp": the leading steps say where the build folder was, not where the source is.
    fs::path inside;
    for (const fs::path& part : path) {
      if (part != ".." && part != ".") inside /= part;
    }
    return inside.string();
  }
  std::error_code ignored;
  // Headers may have been found through a link to the source folder.
  const fs::path real = fs::weakly_canonical(path, ignored);
  const fs::path& target = real.empty() ? path : real;
  if (std::string text = below(target, fs::current_path(ignored)); !text.empty()) return text;
  if (std::string text = below(target, fs::path(compile_directory)); !text.empty()) return text;
  const fs::path parent = target.parent_path();
  if (parent.has_filename()) return (parent.filename() / target.filename()).string();
  return target.filename().string();
}

std::string where(const Place& place) {
  if (place.file.empty()) return {};
  return with_line(readable_path(place.file, place.directory), place.line);
}

std::string short_where(const Place& place) {
  if (place.file.empty()) return {};
  return with_line(fs::path(place.file).filename().string(), place.line);
}

}  // namespace racecourse::report
