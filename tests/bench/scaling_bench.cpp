// How the cost of a search grows: with threads, with the length of an execution; and what memory it leaves behind.
#include <racecourse/checkers/explore.h>
#include <racecourse/tests/bench/stopwatch.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <limits>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace racecourse::bench {
namespace {

void run(const std::function<void()>& body, std::uint64_t executions, const char* strategy = "default") {
  Options options;
  options.executions = executions;
  options.workers = 1;
  options.max_steps = 1'000'000'000;
  options.strategy = strategy;
  const Verdict verdict = search(body, options);
  if (verdict.state == State::not_found) return;
  std::fprintf(stderr, "%s\n", verdict.text.c_str());
  std::exit(1);
}

std::string bar(double value, double of) { return std::string(static_cast<std::size_t>(40 * value / of + 0.5), '#'); }

struct Point {
  std::uint64_t at;
  double nanoseconds;
};

void print(const char* what, const char* unit, const std::vector<Point>& points) {
  double most = 0, least = std::numeric_limits<double>::max();
  for (const Point& point : points) {
    most = std::max(most, point.nanoseconds);
    least = std::min(least, point.nanoseconds);
  }
  std::printf("\n%s\n", what);
  for (const Point& point : points) {
    std::printf("%9llu %-9s %9.1f ns  %s\n", static_cast<unsigned long long>(point.at), unit, point.nanoseconds,
                bar(point.nanoseconds, most).c_str());
  }
  std::printf("%s: from %.1f to %.1f ns, the last %.2f times the first\n", what, least, most,
              points.back().nanoseconds / points.front().nanoseconds);
  std::fflush(stdout);
}

// `section` is what each of `threads` threads does, `times` times; the shortest time for one of them.
double per_operation(std::uint64_t threads, std::uint64_t times,
                     const std::function<void(std::uint64_t thread, std::uint64_t times)>& section) {
  struct Time {
    double shortest, sum;
  };
  Time& time = Shared<Time>::instance();
  time.shortest = std::numeric_limits<double>::max();
  run(
      [&] {
        time.sum = 0;
        std::vector<std::thread> all;
        std::mutex gate;  // all are alive when the first one begins
        gate.lock();
        for (std::uint64_t i = 1; i < threads; i++) {
          all.emplace_back([&, i] {
            { std::lock_guard pass(gate); }
            const Stopwatch watch;
            section(i, times);
            const double took = watch.nanoseconds();
            std::lock_guard pass(gate);
            time.sum += took;
          });
        }
        gate.unlock();
        for (std::thread& thread : all) thread.join();
        time.shortest = std::min(time.shortest, time.sum / static_cast<double>((threads - 1) * times));
      },
      12, "pct");
  return time.shortest;
}

void measure_threads() {
  std::vector<Point> accesses, sections;
  std::vector<std::uint64_t> numbers(1 << 14);
  for (const std::uint64_t threads : {2, 5, 10, 20, 50, 100}) {
    const std::uint64_t times = 2'000'000 / threads;
    accesses.push_back({threads, per_operation(threads, times, [&](std::uint64_t thread, std::uint64_t count) {
                          std::uint64_t* const own = &numbers[thread * 128];
                          for (std::uint64_t i = 0; i < count; i++) own[i % 128] = i;
                        })});
  }
  print("a plain access, by threads", "threads", accesses);
  std::mutex mutex;
  std::uint64_t counter = 0;
  for (const std::uint64_t threads : {2, 5, 10, 20, 50, 100}) {
    // Threads wait for each other here, so the time is that of the whole search.
    const std::uint64_t times = 20'000 / threads;
    const double start = time_of_children();
    run(
        [&] {
          std::vector<std::thread> all;
          for (std::uint64_t i = 1; i < threads; i++) {
            all.emplace_back([&] {
              for (std::uint64_t round = 0; round < times; round++) {
                std::lock_guard guard(mutex);
                counter++;
              }
            });
          }
          for (std::thread& thread : all) thread.join();
        },
        100);
    const double took = time_of_children() - start;
    sections.push_back({threads, took / 100 / static_cast<double>((threads - 1) * times)});
  }
  print("a section under one mutex, by threads", "threads", sections);
}

void measure_length() {
  std::vector<Point> points;
  for (const std::uint64_t events : {10, 100, 1'000, 10'000, 100'000, 1'000'000}) {
    const std::uint64_t executions = std::max<std::uint64_t>(3, 5'000'000 / events);
    const double start = time_of_children();
    run(
        [events] {
          std::atomic<std::uint64_t> value{0};
          const auto add = [&] {
            for (std::uint64_t i = 0; i < events / 2; i++) value.fetch_add(1);
          };
          std::thread other(add);
          add();
          other.join();
        },
        executions);
    const double took = time_of_children() - start;
    points.push_back({events, took / static_cast<double>(executions * events)});
  }
  print("an atomic operation, by their number in an execution", "events", points);
}

// Of this process, in MiB.
double resident() {
  long pages = 0, here = 0;
  std::FILE* file = std::fopen("/proc/self/statm", "r");
  if (file == nullptr || std::fscanf(file, "%ld %ld", &pages, &here) != 2) std::abort();
  std::fclose(file);
  return static_cast<double>(here) * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

void measure_memory() {
  std::printf("\nmemory\n");
  const auto small = [] {
    std::atomic<int> value{0};
    std::thread other([&] { value++; });
    value++;
    other.join();
  };
  run(small, 1'000);
  const double before = resident();
  run(
      [] {
        std::atomic<int> turns{0};
        std::thread other([&] {
          for (int i = 0; i < 200'000; i++) turns++;
        });
        std::vector<char> much(100 << 20, 'x');
        other.join();
      },
      20);
  const double after = resident();
  run(small, 1'000);
  rusage children{};
  getrusage(RUSAGE_CHILDREN, &children);
  std::printf("a search of small executions           %6.0f MiB here\n", before);
  std::printf("one of executions that use 100 MiB     %6.0f MiB here after it, at most %.0f MiB in a worker\n", after,
              static_cast<double>(children.ru_maxrss) / 1024);
  std::printf("a search of small executions after it  %6.0f MiB here\n", resident());
}

}  // namespace
}  // namespace racecourse::bench

int main() {
  using namespace racecourse::bench;
  measure_threads();
  measure_length();
  measure_memory();
}
