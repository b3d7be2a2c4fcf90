#include <fcntl.h>
#include <racecourse/scenarios/lab/own_folder.h>
#include <racecourse/scenarios/racecourse/cells.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <system_error>
#include <vector>

namespace racecourse::lab {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPlace = "/tmp";
constexpr const char* kPrefix = "racecourse-bench-";

// A descriptor of the folder that holds its lock; -1 if somebody else does, or if it is not ours at all.
int lock_of(const fs::path& folder) {
  const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return -1;
  struct stat status {};
  const bool is_ours = fstat(fd, &status) == 0 && status.st_uid == geteuid();
  if (is_ours && flock(fd, LOCK_EX | LOCK_NB) == 0) return fd;
  close(fd);
  return -1;
}

void remove_what_is_stale() {
  std::error_code error;
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(kPlace, error)) {
    if (entry.path().filename().string().starts_with(kPrefix)) found.push_back(entry.path());
  }
  for (const fs::path& folder : found) {
    const int lock = lock_of(folder);
    if (lock < 0) continue;
    fs::remove_all(folder, error);
    close(lock);
  }
}

}  // namespace

OwnFolder::OwnFolder() {
  remove_what_is_stale();
  // Another process may take a new folder for a stale one until it is locked: then there is another.
  while (lock_ < 0) {
    std::string name = std::string(kPlace) + "/" + kPrefix + "XXXXXX";
    if (mkdtemp(name.data()) == nullptr) {
      throw command::BadRequest(std::string("cannot make a folder in ") + kPlace + ": " + std::strerror(errno));
    }
    path_ = name;
    lock_ = lock_of(path_);
    if (lock_ >= 0 && !fs::exists(path_)) {
      close(lock_);
      lock_ = -1;
    }
  }
}

OwnFolder::~OwnFolder() {
  std::error_code error;
  fs::remove_all(path_, error);
  close(lock_);
}

}  // namespace racecourse::lab
