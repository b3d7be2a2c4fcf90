#include <racecourse/checkers/detect/lock_nesting.h>

#include <algorithm>
#include <span>

namespace racecourse::detect {

using report::Op;

[[gnu::section("racecourse_state")]] constinit LockNesting* lock_nesting = nullptr;

namespace {

std::uint64_t mixed(std::uint64_t word) {
  word = (word ^ (word >> 31)) * 0x9E3779B97F4A7C15u;
  word = (word ^ (word >> 29)) * 0xBF58476D1CE4E5B9u;
  return word ^ (word >> 32);
}

std::uint64_t hash_of(std::uint64_t from, std::uint64_t to, std::uint32_t thread) {
  return mixed(mixed(mixed(from) + to) + thread);
}

}  // namespace

void LockCycles::add(std::uint64_t signature, std::uint64_t execution) {
  for (std::uint32_t i = 0; i < count; i++) {
    if (seen[i].signature == signature) return;
  }
  if (count < kMost) seen[count++] = {signature, execution};
}

void LockCycles::merge(const LockCycles& later) {
  for (std::uint32_t i = 0; i < later.count; i++) add(later.seen[i].signature, later.seen[i].execution);
}

void LockNesting::begin() {
  held_count_.fill(0);
  if (edge_count_ > 0) slots_.fill(0);
  edge_count_ = 0;
  graph_ = 0;
}

void LockNesting::lock_event(std::uint16_t thread, Op op, std::uint64_t object, std::uint64_t value,
                             std::uint64_t old_value, bool tries) {
  switch (op) {
    case Op::mutex_lock:
      return take(thread, object, old_value != 0, tries);
    case Op::rwlock_read_lock:
    case Op::rwlock_write_lock:
      return take(thread, object, false, tries);
    case Op::mutex_unlock:
      return give(thread, object, old_value != 0);
    case Op::rwlock_unlock:
      return give(thread, object, false);
    case Op::cond_wait:
      return give(thread, value, false);
    default:
      return;
  }
}

void LockNesting::take(std::uint16_t thread, std::uint64_t object, bool again, bool tries) {
  std::uint8_t& count = held_count_[thread & 255];
  const std::span all = std::span(held_[thread & 255]).first(count);
  if (count > 0) {
    for (Held& held : all) {
      if (held.object != object) continue;
      held.depth++;
      return;
    }
    if (!tries && !again) {
      for (const Held& held : all) add_edge({held.object, object, thread});
    }
  }
  if (count < kMostHeld) held_[thread & 255][count++] = {object, 1};
}

void LockNesting::give(std::uint16_t thread, std::uint64_t object, bool keeps) {
  std::uint8_t& count = held_count_[thread & 255];
  const std::span all = std::span(held_[thread & 255]).first(count);
  for (std::size_t i = all.size(); i-- > 0;) {
    if (all[i].object != object) continue;
    if (--all[i].depth > 0 || keeps) return;
    std::copy(all.begin() + static_cast<std::ptrdiff_t>(i) + 1, all.end(),
              all.begin() + static_cast<std::ptrdiff_t>(i));
    count--;
    return;
  }
}

void LockNesting::add_edge(const Edge& edge) {
  const std::uint64_t hash = hash_of(edge.from, edge.to, edge.thread);
  for (std::uint64_t slot = hash % kSlots;; slot = (slot + 1) % kSlots) {
    if (slots_[slot] == 0) {
      if (edge_count_ == kMostEdges) return;
      edges_[edge_count_++] = edge;
      slots_[slot] = static_cast<std::uint16_t>(edge_count_);
      graph_ += hash;
      return;
    }
    const Edge& known = edges_[slots_[slot] - 1u];
    if (known.from == edge.from && known.to == edge.to && known.thread == edge.thread) return;
  }
}

// From lower addresses to higher ones or the other way round, as most programs do that take locks in an order.
bool LockNesting::goes_one_way() const {
  const std::span all = std::span(edges_).first(edge_count_);
  const auto up = [](const Edge& edge) { return edge.from < edge.to; };
  return std::ranges::all_of(all, up) || std::ranges::none_of(all, up);
}

std::uint64_t LockNesting::signature() {
  if (edge_count_ < 2 || goes_one_way()) return 0;
  if (graph_ == last_graph_) return last_signature_;
  // What is left when again and again all edges are dropped that nothing follows or that follow nothing are circles,
  // and what lies between them.
  std::array<Edge, kMostEdges> left = edges_;
  std::size_t count = edge_count_;
  for (std::size_t before = 0; before != count;) {
    before = count;
    const auto all = std::span(left).first(count);
    const auto is_no_part = [&](const Edge& edge) {
      return std::ranges::none_of(all, [&](const Edge& next) { return next.from == edge.to; }) ||
             std::ranges::none_of(all, [&](const Edge& last) { return last.to == edge.from; });
    };
    std::array<bool, kMostEdges> drop;
    for (std::size_t i = 0; i < count; i++) drop[i] = is_no_part(left[i]);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < count; i++) {
      if (!drop[i]) left[kept++] = left[i];
    }
    count = kept;
  }
  const auto circles = std::span(left).first(count);
  std::uint64_t signature = 0;
  for (const Edge& edge : circles) signature += hash_of(edge.from, edge.to, edge.thread);
  // A thread does not wait for itself.
  const auto same_thread = [&](const Edge& edge) { return edge.thread == circles[0].thread; };
  if (std::ranges::all_of(circles, same_thread)) signature = 0;
  last_graph_ = graph_;
  last_signature_ = signature;
  return signature;
}

}  // namespace racecourse::detect
