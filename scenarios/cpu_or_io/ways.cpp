#include <racecourse/primitives/process/child.h>
#include <racecourse/primitives/process/shared_memory.h>
#include <racecourse/scenarios/cpu_or_io/ways.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <stdexcept>
#include <thread>
#include <vector>

namespace racecourse::cpu_or_io {
namespace {

long directly(const Work& work, int tasks) {
  long sum = 0;
  for (int i = 0; i < tasks; i++) sum += work();
  return sum;
}

long in_threads(const Work& work, int tasks) {
  std::atomic<long> sum{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < tasks; i++) threads.emplace_back([&] { sum += work(); });
  }
  return sum;
}

long in_processes(const Work& work, int tasks) {
  constexpr std::chrono::seconds kDeadline(300);
  const process::SharedMemory<std::atomic<long>> sum(0);  // a global would be a copy in each process
  std::deque<process::Child> children;                    // a Child stays where it is
  for (int i = 0; i < tasks; i++) children.emplace_back([&] { *sum += work(); }, kDeadline);
  for (process::Child& child : children) {
    if (child.join() != process::Ending::well) throw std::runtime_error("a process did not end well");
  }
  return *sum;
}

}  // namespace

const char* to_string(Way way) {
  switch (way) {
    case Way::directly:
      return "directly";
    case Way::threads:
      return "threads";
    case Way::processes:
      return "processes";
  }
  return "unknown";
}

long run(Way way, const Work& work, int tasks) {
  switch (way) {
    case Way::directly:
      return directly(work, tasks);
    case Way::threads:
      return in_threads(work, tasks);
    case Way::processes:
      return in_processes(work, tasks);
  }
  throw std::logic_error("there is no such way");
}

}  // namespace racecourse::cpu_or_io
