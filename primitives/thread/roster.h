// Who is alive: current_thread(), main_thread(), enumerate(), active_count().
#pragma once

#include <racecourse/primitives/thread/thread.h>

#include <algorithm>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace racecourse::thread {

class Roster {
 public:
  using Place = std::list<Info>::iterator;

  // Never destroyed: a thread that was let go may end after the globals of the program.
  static Roster& instance() {
    static Roster& roster = *new Roster;
    return roster;
  }

  Info named(const Options& options) {
    if (!options.name.empty()) return {options.name, options.daemon};
    std::lock_guard guard(mutex_);
    return {"Thread-" + std::to_string(++unnamed_), options.daemon};
  }

  Place add(Info info) {
    std::lock_guard guard(mutex_);
    return alive_.insert(alive_.end(), std::move(info));
  }
  void remove(Place place) {
    std::lock_guard guard(mutex_);
    alive_.erase(place);
  }

  std::vector<Info> alive() const {
    std::lock_guard guard(mutex_);
    return {alive_.begin(), alive_.end()};
  }

 private:
  mutable std::mutex mutex_;
  std::list<Info> alive_;  // guarded by mutex_: in the order of their start, without main
  int unnamed_ = 0;        // guarded by mutex_
};

// Globals are made by the main thread.
inline const std::thread::id main_thread_id = std::this_thread::get_id();
inline thread_local const Info* this_thread = nullptr;  // set by those that Thread starts

inline Info main_thread() { return {"MainThread"}; }

inline Info current_thread() {
  if (this_thread != nullptr) return *this_thread;
  if (std::this_thread::get_id() == main_thread_id) return main_thread();
  return {"Dummy", true};  // a std::thread: nobody here knows its name, and nobody here will wait for it
}

inline std::vector<Info> enumerate() {
  std::vector<Info> all = Roster::instance().alive();
  all.insert(all.begin(), main_thread());
  return all;
}

inline std::size_t active_count() { return enumerate().size(); }

}  // namespace racecourse::thread
