#include <fcntl.h>
#include <grp.h>
#include <linux/mount.h>
#include <racecourse/scenarios/lab/confine.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace racecourse::lab {
namespace {

// Nobody's: above the users that a system makes, below what containers map.
constexpr unsigned kUser = 61'729;

std::string failed(const std::string& what) { return what + ": " + std::strerror(errno); }

bool write_file(const char* path, const std::string& text) {
  const int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool written = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  close(file);
  return written;
}

// A user namespace of one user, which is `inside` in there.
std::string own_users(unsigned inside) {
  const unsigned user = geteuid(), group = getegid();
  if (unshare(CLONE_NEWUSER) != 0) return failed("no user namespace can be made");
  const std::string id = std::to_string(inside) + " ";
  if (!write_file("/proc/self/uid_map", id + std::to_string(user) + " 1")) return failed("no user can be mapped");
  if (!write_file("/proc/self/setgroups", "deny")) return failed("groups cannot be given up");
  if (!write_file("/proc/self/gid_map", id + std::to_string(group) + " 1")) return failed("no group can be mapped");
  return "";
}

bool set_read_only(const char* path, bool read_only, bool recursive) {
  mount_attr attributes{};
  (read_only ? attributes.attr_set : attributes.attr_clr) = MOUNT_ATTR_RDONLY;
  attributes.attr_set |= MOUNT_ATTR_NOSUID;
  return syscall(SYS_mount_setattr, AT_FDCWD, path, recursive ? AT_RECURSIVE : 0, &attributes, sizeof attributes) == 0;
}

}  // namespace

unsigned confined_user() { return geteuid() == 0 ? kUser : geteuid(); }

std::string leave_namespaces() {
  if (geteuid() != 0) {
    if (const std::string problem = own_users(0); !problem.empty()) return problem;
  }
  if (unshare(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS) != 0) {
    return failed("no namespaces can be made");
  }
  return "";
}

std::string shut_file_system(const std::string& folder, const std::vector<std::string>& hidden) {
  if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return failed("mounts cannot be made private");
  if (mount(folder.c_str(), folder.c_str(), nullptr, MS_BIND, nullptr) != 0) {
    return failed("the folder cannot be mounted");
  }
  for (const std::string& path : hidden) {
    if (folder.starts_with(path + "/") || folder == path || access(path.c_str(), F_OK) != 0) continue;
    if (mount("none", path.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, "size=4k,mode=555") != 0) {
      return failed(path + " cannot be hidden");
    }
  }
  if (!set_read_only("/", true, true)) return failed("the file system cannot be made read-only");
  // Its processes must not see ours.
  if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) != 0) {
    return failed("no own /proc can be mounted");
  }
  if (!set_read_only(folder.c_str(), false, false)) return failed("the folder cannot be made writable");
  return "";
}

std::string drop_rights() {
  if (getuid() == 0 && confined_user() == kUser) {
    if (setgroups(0, nullptr) == 0) {
      if (setresgid(kUser, kUser, kUser) != 0 || setresuid(kUser, kUser, kUser) != 0) {
        return failed("it cannot become another user");
      }
    } else if (const std::string problem = own_users(65'534); !problem.empty()) {
      // Root of a user namespace only, of one user. A further one has no rights over the mounts made here.
      return problem;
    }
  }
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return failed("it cannot give up new rights");
  return "";
}

}  // namespace racecourse::lab
