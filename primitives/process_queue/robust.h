// A ring in shared memory under a robust lock that processes share. It outlives any of them.
#pragma once

#include <racecourse/primitives/process/bell.h>
#include <racecourse/primitives/process/mutex.h>
#include <racecourse/primitives/process/shared_memory.h>
#include <racecourse/primitives/process_queue/process_queue.h>
#include <racecourse/primitives/process_queue/ring.h>

#include <cstddef>
#include <mutex>
#include <optional>

namespace racecourse::process_queue {

template <class T>
class Robust : public Operations<Robust<T>, T> {
 public:
  explicit Robust(std::size_t maxsize = 0) : shared_(capacity<T>(maxsize), maxsize, capacity<T>(maxsize)) {}

  template <class Fill>
  bool insert(Fill fill, Deadline deadline) {
    std::unique_lock guard(mutex());
    Ring& ring = shared_->ring;
    if (!shared_->room.wait(guard, deadline, [&] { return !ring.full(); })) return false;
    fill(shared_.item(ring.last_slot()));
    shared_->items.ring();  // first the ring, then the change: see bell.h
    ring.commit_put();
    return true;
  }

  std::optional<T> remove(Deadline deadline) {
    std::unique_lock guard(mutex());
    Ring& ring = shared_->ring;
    if (!shared_->items.wait(guard, deadline, [&] { return !ring.empty(); })) return std::nullopt;
    const T item = shared_.item(ring.first_slot());
    shared_->room.ring();
    ring.commit_get();
    return item;
  }

  void task_done() {
    std::unique_lock guard(mutex());
    Ring& ring = shared_->ring;
    if (ring.unfinished() == 0) refuse_stray_task_done();
    if (ring.unfinished() == 1) shared_->finished.ring();
    ring.commit_done();
  }

  bool wait_until_finished(Deadline deadline) {
    std::unique_lock guard(mutex());
    return shared_->finished.wait(guard, deadline, [&] { return shared_->ring.unfinished() == 0; });
  }

  std::size_t qsize() {
    std::unique_lock guard(mutex());
    return shared_->ring.size();
  }
  bool empty() { return qsize() == 0; }
  bool full() { return qsize() == capacity<T>(maxsize()); }
  std::size_t maxsize() const { return shared_->ring.maxsize(); }

 private:
  struct Shared {
    Shared(std::size_t maxsize, std::size_t capacity) : ring(maxsize, capacity) {}
    process::Mutex mutex{process::kShared | process::kRobust};
    process::Bell items, room, finished;  // guarded by mutex, as is the ring
    Ring ring;
  };

  process::Mutex& mutex() { return shared_->mutex; }

  process::SharedMemory<Shared, T> shared_;
};

}  // namespace racecourse::process_queue
