#pragma once

#include <functional>
#include <thread>
#include <vector>

namespace racecourse {

using Body = std::function<void()>;

// Runs each on a thread of its own.
inline void together(const std::vector<Body>& bodies) {
  std::vector<std::thread> threads;
  threads.reserve(bodies.size());
  for (const Body& body : bodies) threads.emplace_back(body);
  for (std::thread& thread : threads) thread.join();
}

}  // namespace racecourse
