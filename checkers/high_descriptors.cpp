#include <fcntl.h>
#include <racecourse/checkers/high_descriptors.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

namespace racecourse {

int lowest_of_ours() {
  constexpr rlim_t kHigh = 896;
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<int>(std::min(kHigh, limit.rlim_cur / 8 * 7));
}

int out_of_the_way(int descriptor, bool close_on_exec) {
  const int lowest = lowest_of_ours();
  if (descriptor < 0 || descriptor >= lowest) return descriptor;
  const int copy = fcntl(descriptor, close_on_exec ? F_DUPFD_CLOEXEC : F_DUPFD, lowest);
  if (copy < 0) return descriptor;
  close(descriptor);
  return copy;
}

}  // namespace racecourse
