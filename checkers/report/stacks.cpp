#include <racecourse/checkers/report/stacks.h>

#include <filesystem>
#include <string_view>

namespace racecourse::report {
namespace {

namespace fs = std::filesystem;

constexpr int kDeepest = 64;  // user frames shown of one stack

// The folder of the checkers, as this file was compiled: ".../checkers".
const std::string& checkers_folder() {
  static const std::string folder = fs::path(__FILE__).lexically_normal().parent_path().parent_path().string();
  return folder;
}

bool is_user(const Place& place) { return !place.file.empty() && !is_library(place) && !is_checker(place); }

}  // namespace

bool is_library(const Place& place) {
  const std::string file = fs::path(place.file).lexically_normal().string();
  for (const std::string_view folder : {"/usr/include/", "/usr/lib/", "/usr/local/include/", "/usr/src/", "/lib/"}) {
    if (file.starts_with(folder)) return true;
    if (file.empty() && place.module.starts_with(folder)) return true;
  }
  return file.find("/include/c++/") != std::string::npos;
}

bool is_checker(const Place& place) {
  if (place.function.starts_with("racecourse::runtime::") || place.function == "racecourse_fiber_main") return true;
  const std::string file = fs::path(place.file).lexically_normal().string();
  return file.find("/racecourse/checkers/") != std::string::npos || file.starts_with(checkers_folder() + "/");
}

const UserPlace& Stacks::user(std::uint64_t pc, std::uint32_t stack) {
  const auto [entry, inserted] = users_.try_emplace({pc, stack});
  UserPlace& result = entry->second;
  if (!inserted || pc == 0) return result;
  for (std::uint64_t address = pc; address != 0;) {
    for (const Place& place : symbols_.code(address - 1)) {
      if (is_user(place)) {
        result.place = &place;
        result.address = address - 1;
        return result;
      }
      result.in_library = true;
      result.callee = place.function;
    }
    if (stack == 0 || stack >= trace_.frames.size()) break;
    address = trace_.frames[stack].pc;
    stack = trace_.frames[stack].parent;
  }
  return result;
}

std::vector<Place> Stacks::frames(std::uint64_t pc, std::uint32_t stack) {
  std::vector<Place> result;
  const auto add = [&](std::uint64_t address) {
    if (address == 0) return;
    for (const Place& place : symbols_.code(address - 1)) {
      if (is_user(place)) result.push_back(place);
    }
  };
  add(pc);
  while (stack != 0 && stack < trace_.frames.size() && result.size() < kDeepest) {
    add(trace_.frames[stack].pc);
    stack = trace_.frames[stack].parent;
  }
  return result;
}

std::string Stacks::innermost_function(std::uint64_t pc) {
  if (pc == 0) return {};
  const std::vector<Place>& places = symbols_.code(pc - 1);
  return places.empty() ? std::string{} : places.front().function;
}

}  // namespace racecourse::report
