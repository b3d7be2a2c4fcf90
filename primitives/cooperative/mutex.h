// A mutex to be held across a co_await. Without a co_await inside there is nothing to lock (C1).
#pragma once

#include <racecourse/primitives/cooperative/loop.h>

#include <deque>
#include <memory>

namespace racecourse::cooperative {

class Mutex {
 public:
  explicit Mutex(Loop& loop) : loop_(loop) {}

  void unlock() {
    if (waiting_.empty()) {
      held_ = false;
      return;
    }
    loop_.ready(waiting_.front());  // stays held: it belongs to this one already, nobody can come in between
    waiting_.pop_front();
  }

  struct Unlock {
    void operator()(Mutex* mutex) const { mutex->unlock(); }
  };
  using Guard = std::unique_ptr<Mutex, Unlock>;

  class Lock {
   public:
    explicit Lock(Mutex& mutex) : mutex_(mutex) {}
    bool await_ready() {
      if (mutex_.held_) return false;
      return mutex_.held_ = true;
    }
    void await_suspend(Handle waiting) { mutex_.waiting_.push_back(waiting); }
    Guard await_resume() const { return Guard(&mutex_); }

   private:
    Mutex& mutex_;
  };
  Lock lock() { return Lock(*this); }

 private:
  Loop& loop_;
  bool held_ = false;
  std::deque<Handle> waiting_;
};

}  // namespace racecourse::cooperative
