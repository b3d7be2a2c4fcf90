// Starts a thread before main(), which no search controls.
#include <atomic>
#include <thread>

std::atomic<bool> over{false};

struct Helper {
  ~Helper() {
    over = true;
    thread.join();
  }
  std::thread thread{[] {
    while (!over) std::this_thread::yield();
  }};
} helper;

int main() {
  int value = 0;
  std::thread other([&] { value = 1; });
  other.join();
  return value - 1;
}
