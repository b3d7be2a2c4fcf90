// std::promise::set_value_at_thread_exit() and its kin: the library's own code, which is not instrumented, makes the
// state ready when the thread's destructors have run, and may be the last that holds the state.
#include <racecourse/checkers/runtime/interpose/call.h>

#include <condition_variable>
#include <cstring>
#include <future>
#include <memory>

namespace racecourse::runtime {

namespace {

using State = std::__future_base::_State_baseV2;

// As libstdc++ lays it out: what it calls at the end of a thread.
struct MakeReady : std::__at_thread_exit_elt {
  std::weak_ptr<State> state;
};

// The atomic that a future looks at, behind the table of virtual functions and the result.
const void* status_of(const State& state) { return reinterpret_cast<const char*>(&state) + 2 * sizeof(void*); }

// The counts of a shared pointer: behind its table of virtual functions.
const char* counts_of(const std::shared_ptr<State>& state) {
  const char* words[2];
  static_assert(sizeof words == sizeof state);
  std::memcpy(words, &state, sizeof words);
  return words[1] + sizeof(void*);
}

// The library's own, the same for all.
void (*run)(void*) = nullptr;

void run_in_order(void* element) {
  std::shared_ptr<State> state = static_cast<MakeReady*>(element)->state.lock();
  if (state != nullptr) order_before(status_of(*state));
  run(element);
  if (state == nullptr) return;
  order_after(counts_of(state));                         // those who have given up their share
  order_after(counts_of(state) + sizeof(std::int32_t));  // and their weak one
}

}  // namespace

}  // namespace racecourse::runtime

using namespace racecourse::runtime;

// std::__future_base::_State_baseV2::_Make_ready::_M_set(), as the program calls it (link_options.cmake).
// NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" void __real__ZNSt13__future_base13_State_baseV211_Make_ready6_M_setEv(MakeReady* element);
extern "C" void __wrap__ZNSt13__future_base13_State_baseV211_Make_ready6_M_setEv(MakeReady* element) {
  __real__ZNSt13__future_base13_State_baseV211_Make_ready6_M_setEv(element);
  if (!rt.executing) return;
  run = element->_M_cb;
  element->_M_cb = run_in_order;
}
// NOLINTEND(bugprone-reserved-identifier)
