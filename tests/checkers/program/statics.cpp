// Objects with static storage that are built while the program runs are destroyed at its end: statics WAY.
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <thread>
#include <vector>

// Its destructor ends its threads, or forgets one.
class Crew {
 public:
  explicit Crew(bool wakes_all) : wakes_all_(wakes_all) {
    for (int i = 0; i < 2; ++i) threads_.emplace_back([this] { work(); });
  }
  ~Crew() {
    {
      std::lock_guard guard(mutex_);
      over_ = true;
    }
    wakes_all_ ? changed_.notify_all() : changed_.notify_one();
    for (std::thread& thread : threads_) thread.join();
  }

 private:
  void work() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return over_; });
  }

  const bool wakes_all_;
  bool over_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::thread> threads_;
};

std::vector<int>& numbers() {
  static std::vector<int> all{1, 2, 3};
  return all;
}

// Those of threads go first, and may use the others.
struct Sum {
  int last = 0;
  ~Sum() {
    if (numbers().size() != 3) std::abort();
  }
};
thread_local Sum sum;

int main(int, char** arguments) {
  const auto is = [&](const char* way) { return std::strcmp(arguments[1], way) == 0; };
  if (is("crew") || is("forgetful_crew")) static Crew crew(is("crew"));
  if (is("numbers")) {
    sum.last = numbers().back();
    std::thread([] { sum.last = numbers().back(); }).join();
  }
  // BUG: nobody waits for it, and it may find the numbers destroyed
  if (is("detached")) {
    numbers();
    std::thread([] { sum.last = numbers().back(); }).detach();
  }
}
