#include <dlfcn.h>
#include <link.h>
#include <racecourse/checkers/runtime/loaded_libraries.h>
#include <racecourse/checkers/runtime/runtime.h>

#include <algorithm>
#include <cstdio>

namespace racecourse::runtime {

namespace {

constexpr int kMost = 256;
constexpr int kMostTimes = 64;  // that an execution has loaded the same one

struct Libraries {
  int count;
  const void* headers[kMost];
};
[[gnu::section("racecourse_state")]] constinit Libraries before = {};

int add(dl_phdr_info* library, std::size_t, void*) {
  if (before.count == kMost) return 1;
  before.headers[before.count++] = library->dlpi_phdr;
  return 0;
}

int find_new(dl_phdr_info* library, std::size_t, void* path) {
  const auto end = before.headers + before.count;
  if (std::find(before.headers, end, library->dlpi_phdr) != end) return 0;
  std::snprintf(static_cast<char*>(path), PATH_MAX, "%s", library->dlpi_name);
  return 1;
}

bool unload(const char* path) {
  for (int i = 0; i < kMostTimes; ++i) {
    void* const library = dlopen(path, RTLD_LAZY | RTLD_NOLOAD);
    if (library == nullptr) return true;
    dlclose(library);  // what was just taken
    dlclose(library);
  }
  return false;
}

}  // namespace

void keep_loaded_libraries() {
  if (before.count == 0) dl_iterate_phdr(add, nullptr);
}

void unload_libraries() {
  char path[PATH_MAX];
  while (dl_iterate_phdr(find_new, path) != 0)
    if (!unload(path)) break;
  before.count = 0;
}

}  // namespace racecourse::runtime
