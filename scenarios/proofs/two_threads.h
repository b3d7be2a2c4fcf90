// The frame of a proof: two threads, each with its number, and nobody else.
#pragma once

#include <thread>

namespace racecourse::catalogue {

template <class Work>
void in_two_threads(const Work& work) {
  std::thread first([&] { work(0); }), second([&] { work(1); });
  first.join();
  second.join();
}

}  // namespace racecourse::catalogue
