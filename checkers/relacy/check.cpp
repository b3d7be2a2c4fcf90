#include <racecourse/checkers/relacy/check.h>

#include <cstddef>
#include <new>

// Relacy replaces operator new and the operator delete of C++11, as inline functions. Since C++14 the compiler calls
// the sized delete instead, so Relacy's own would not even be linked, and its blocks would end in free().
void operator delete(void* block, std::size_t) noexcept { ::operator delete(block); }
void operator delete[](void* block, std::size_t) noexcept { ::operator delete[](block); }
// The C++ library must get the same ones: an inline function is linked once its address is kept.
[[gnu::used]] static void* (*const kept_new[])(std::size_t) = {&::operator new, &::operator new[] };
[[gnu::used]] static void (*const kept_delete[])(void*) = {&::operator delete, &::operator delete[] };

namespace racecourse::relacy {

Kind kind_of(rl::test_result_e result) {
  switch (result) {
    case rl::test_result_data_race:
      return Kind::data_race;
    case rl::test_result_user_assert_failed:
    case rl::test_result_user_invariant_failed:
      return Kind::assertion;
    case rl::test_result_deadlock:
      return Kind::deadlock;
    case rl::test_result_livelock:
      return Kind::livelock;
    case rl::test_result_access_to_freed_memory:
    case rl::test_result_unitialized_access:
      return Kind::use_after_free;
    case rl::test_result_double_free:
      return Kind::double_free;
    case rl::test_result_memory_leak:
    case rl::test_result_resource_leak:
      return Kind::leak;
    case rl::test_result_recursion_on_nonrecursive_mutex:
      return Kind::self_deadlock;
    case rl::test_result_unlocking_mutex_wo_ownership:
    case rl::test_result_destroying_owned_mutex:
    case rl::test_result_double_initialization_of_mutex:
    case rl::test_result_usage_of_non_initialized_mutex:
    case rl::test_result_mutex_write_to_read_upgrade:
    case rl::test_result_mutex_read_to_write_upgrade:
      return Kind::mutex_misuse;
    default:  // condition variables, semaphores, events, thread signals
      return Kind::sync_misuse;
  }
}

}  // namespace racecourse::relacy
