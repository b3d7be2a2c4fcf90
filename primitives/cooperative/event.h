// Something that happens once, until it is cleared: who waits later goes on at once.
#pragma once

#include <racecourse/primitives/cooperative/loop.h>

#include <utility>
#include <vector>

namespace racecourse::cooperative {

class Event {
 public:
  explicit Event(Loop& loop) : loop_(loop) {}

  bool is_set() const { return set_; }
  void clear() { set_ = false; }
  void set() {
    set_ = true;
    for (const Handle task : std::exchange(waiting_, {})) loop_.ready(task);  // C4: forgotten before they run
  }

  class Wait {
   public:
    explicit Wait(Event& event) : event_(event) {}
    bool await_ready() const { return event_.set_; }
    void await_suspend(Handle waiting) { event_.waiting_.push_back(waiting); }
    void await_resume() const {}

   private:
    Event& event_;
  };
  Wait wait() { return Wait(*this); }

 private:
  Loop& loop_;
  bool set_ = false;
  std::vector<Handle> waiting_;
};

}  // namespace racecourse::cooperative
