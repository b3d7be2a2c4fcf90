#include <racecourse/checkers/runtime/floating_point.h>

namespace racecourse::runtime {

namespace {

[[gnu::section("racecourse_state")]] FloatingPoint environments[256] = {};

}  // namespace

void part_floating_point() {
  if (!rt.executing || rt.own_floating_point) return;
  rt.own_floating_point = true;
  const FloatingPoint shared = current_floating_point();
  for (int i = 0; i < rt.thread_count; ++i) environments[i] = shared;
}

void switch_floating_point(const Fiber& from, const Fiber& next) {
  environments[from.id] = current_floating_point();
  install_floating_point(environments[next.id]);
}

void inherit_floating_point(const Fiber& fresh) { environments[fresh.id] = current_floating_point(); }

}  // namespace racecourse::runtime
