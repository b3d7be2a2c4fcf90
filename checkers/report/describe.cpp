#include <racecourse/checkers/report/describe.h>
#include <racecourse/checkers/report/identifier.h>
#include <racecourse/checkers/report/paths.h>
#include <racecourse/checkers/report/value_text.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace racecourse::report {
namespace {

constexpr std::size_t kLongestCondition = 36;

std::string woken(std::uint64_t count) {
  if (count == 0) return " -> woke nobody";
  return count == 1 ? " -> woke one" : " -> woke " + std::to_string(count);
}

const char* order_name(std::uint8_t order) {
  constexpr std::array<const char*, 6> kNames = {"relaxed", "consume", "acquire", "release", "acq_rel", "seq_cst"};
  return order < kNames.size() ? kNames[order] : "";
}

// A condition as short as it can be read: single spaces, no memory orders.
std::string squeezed(std::string_view text) {
  constexpr std::string_view kOrder = "std::memory_order";
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ' ' && (result.empty() || result.back() == ' ')) continue;
    if (text.compare(i, kOrder.size(), kOrder) == 0) {
      i = std::min(text.find_first_of(",)", i), text.size());
      while (!result.empty() && (result.back() == ' ' || result.back() == ',')) result.pop_back();
      if (i == text.size()) break;
    }
    result += text[i];
  }
  return result;
}

}  // namespace

// The trace knows that memory was read, changed and written at once; the library function says how.
std::string Describer::atomic_verb(const Event& event) {
  const std::string function = stacks_.innermost_function(event.pc);
  struct Verb {
    std::string_view part;
    const char* verb;
  };
  for (const Verb verb : {Verb{"fetch_add", "add  "}, Verb{"operator++", "add  "}, Verb{"operator+=", "add  "},
                          Verb{"fetch_sub", "sub  "}, Verb{"operator--", "sub  "}, Verb{"operator-=", "sub  "},
                          Verb{"exchange", "swap "}, Verb{"test_and_set", "set  "}, Verb{"clear", "clear "}}) {
    if (function.find(verb.part) != std::string::npos) return verb.verb;
  }
  return "rmw  ";
}

Cell Describer::memory_cell(const Event& event) {
  Cell cell{"", names_.of(event.address), ""};
  const bool known = event.value_known != 0 && event.size <= 8;
  const std::string now = known ? names_.value(event, event.value) : "";
  const std::string old = known ? names_.value(event, event.old_value) : "";
  switch (event.op) {
    case Op::read:
    case Op::atomic_load:
      cell.verb = event.op == Op::read ? "read  " : "load  ";
      if (known) cell.value = " -> " + now;
      break;
    case Op::write:
    case Op::atomic_store:
      cell.verb = event.op == Op::write ? "write " : "store ";
      if (known) cell.value = " <- " + now;
      break;
    case Op::atomic_rmw:
      cell.verb = atomic_verb(event) + " ";
      if (known) cell.value = ": " + old + " -> " + now;
      break;
    case Op::cas_success:
      cell.verb = "cas   ";
      if (known) cell.value = ": " + old + " -> " + now;
      break;
    default:
      cell.verb = "cas   ";
      cell.value = known ? " fails: " + old : " fails";
      break;
  }
  return cell;
}

Cell Describer::sync_cell(const Event& event) {
  const std::string name = event.address != 0 ? names_.of(event.address) : "";
  switch (event.op) {
    case Op::mutex_lock:
      return {"lock  ", name, ""};
    case Op::mutex_try_failed:
      return {"try   ", name, " -> held"};
    case Op::mutex_lock_timeout:
      return {"lock  ", name, " -> timeout"};
    case Op::mutex_unlock:
      return {"unlock ", name, ""};
    case Op::mutex_blocked:
      return {"lock  ", name, " ..."};
    case Op::rwlock_read_lock:
      return {"rdlock ", name, ""};
    case Op::rwlock_write_lock:
      return {"wrlock ", name, ""};
    case Op::rwlock_unlock:
      return {"unlock ", name, ""};
    case Op::rwlock_blocked:
      return {"lock  ", name, " ..."};
    case Op::cond_wait:
      return {"wait  ", name, " ..."};
    case Op::cond_woken:
      return {"woken ", name, ""};
    case Op::cond_timeout:
      return {"wait  ", name, " -> timeout"};
    case Op::cond_signal:
      return {"notify_one ", name, woken(event.value)};
    case Op::cond_broadcast:
      return {"notify_all ", name, woken(event.value)};
    case Op::futex_wait:
      return {"sleep ", name, " (is " + value_text({}, 4, event.value) + ")"};
    case Op::futex_no_wait:
      return {"stay  ", name, " (is " + value_text({}, 4, event.old_value) + ")"};
    case Op::futex_woken:
      return {"woken ", name, ""};
    case Op::futex_timeout:
      return {"sleep ", name, " -> timeout"};
    case Op::futex_wake:
      return {"wake  ", name, woken(event.value)};
    case Op::sem_wait:
      return {"wait  ", name, ""};
    case Op::sem_blocked:
      return {"wait  ", name, " ..."};
    case Op::sem_post:
      return {"post  ", name, ""};
    case Op::barrier_wait:
      return {"arrive ", name, ""};
    case Op::barrier_passed:
      return {"pass  ", name, ""};
    case Op::once_enter:
      return {"once  ", name, " begins"};
    case Op::once_done:
      return {"once  ", name, " done"};
    case Op::once_blocked:
      return {"once  ", name, " ..."};
    case Op::guard_enter:
      return {"initialise ", name, ""};
    case Op::guard_done:
      return {"initialised ", name, ""};
    default:
      return {};
  }
}

Cell Describer::thread_cell(const Event& event) {
  const std::string other = thread_label(static_cast<std::uint16_t>(event.value));
  switch (event.op) {
    case Op::thread_create:
      return {"start ", other, ""};
    case Op::thread_begin:
      return {"begins", "", ""};
    case Op::thread_end:
      return {"ends", "", ""};
    case Op::thread_join:
      return {"join  ", other, " done"};
    case Op::join_blocked:
      return {"join  ", other, " ..."};
    case Op::thread_detach:
      return {"detach ", other, ""};
    case Op::thread_cancel:
      return {"cancel ", other, ""};
    case Op::thread_cancelled:
      return {"is cancelled", "", ""};
    case Op::yield:
      return {"yield", "", ""};
    case Op::spin:
      return {"spins", "", ""};
    case Op::sleep:
      return {"sleep ", "", duration_text(event.value)};
    case Op::sleep_done:
      return {"slept", "", ""};
    case Op::clock:
      return {"reads the clock", "", ""};
    case Op::fence:
      return {"fence ", "", order_name(event.order)};
    case Op::allocate:
      return {"new   ", names_.of(event.address), ""};
    case Op::release:
      return {"delete ", names_.of(event.address), ""};
    case Op::output:
      return {"writes output", "", ""};
    case Op::outcome:
      return {"outcome", "", ""};
    default:
      return {};
  }
}

Cell Describer::cell(const Event& event) {
  if (is_memory(event.op)) return memory_cell(event);
  if (is_sync(event.op)) return sync_cell(event);
  return thread_cell(event);
}

Cell Describer::folded_cell(const Event& event, const Event& last) {
  Cell cell = this->cell(event);
  const Cell end = this->cell(last);
  if (cell.value == end.value) return cell;
  const std::size_t space = end.value.rfind(' ');
  cell.value += " .. " + (space == std::string::npos ? end.value : end.value.substr(space + 1));
  return cell;
}

std::string Describer::remark(const Event& event) {
  constexpr std::uint8_t kRelaxed = 0;
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : "; ") + part; };
  if ((event.op == Op::mutex_blocked || event.op == Op::rwlock_blocked) && event.value < trace_.threads.size()) {
    const std::string other = thread_label(static_cast<std::uint16_t>(event.value));
    const bool lets_writer_first = event.op == Op::rwlock_blocked && event.old_value != 0;
    add(lets_writer_first ? other + " waits to write, and comes first" : "held by " + other);
  }
  if (event.op == Op::mutex_lock && event.value != 0) add("its holder has died");
  if (event.op == Op::cond_wait && event.value != 0) add("unlocks " + names_.of(event.value));
  const bool for_no_reason = happened_for_no_reason(event);
  if (for_no_reason) add(event.op == Op::cas_failure ? "a weak one, for no reason" : "by nobody: a spurious wakeup");
  if (event.op == Op::cas_failure && event.value_known != 0 && !for_no_reason)
    add("expected " + names_.value(event, event.value));
  // The one order that publishes nothing is worth a word.
  if (is_atomic(event.op) && event.order == kRelaxed) add(order_name(event.order));
  const bool reads = event.op == Op::read || event.op == Op::atomic_load || event.op == Op::cas_failure;
  const UserPlace& user = stacks_.user(event);
  if (reads && user.place != nullptr) {
    if (const std::string* line = symbols_.source_line(user.place->file, user.place->line)) {
      const std::string condition = squeezed(condition_around(*line, user.place->column));
      if (!condition.empty() && condition.size() <= kLongestCondition) add("checks " + condition);
    }
  }
  return text;
}

std::string Describer::place(const Event& event) {
  const UserPlace& user = stacks_.user(event);
  return user.place != nullptr ? short_where(*user.place) : std::string{};
}

std::string Describer::why_left(Switch reason, const Event& last_before, const Event& first_after) {
  const std::string who = thread_label(last_before.thread);
  switch (reason) {
    case Switch::preempted:
      return who + " preempted";
    case Switch::ended:
      return who + " ended";
    case Switch::yielded:
      return who + " yielded";
    case Switch::timeout:
      return first_after.op == Op::sleep_done ? thread_label(first_after.thread) + " has slept"
                                              : "timeout of " + thread_label(first_after.thread) + " fired";
    case Switch::blocked:
      break;
    default:
      return {};
  }
  switch (last_before.op) {
    case Op::mutex_blocked:
    case Op::rwlock_blocked:
    case Op::sem_blocked:
    case Op::once_blocked:
      return who + " waits for " + names_.of(last_before.address);
    case Op::join_blocked:
      return who + " waits for " + thread_label(static_cast<std::uint16_t>(last_before.value)) + " to end";
    case Op::cond_wait:
    case Op::futex_wait:
      return who + " sleeps on " + names_.of(last_before.address);
    case Op::sleep:
      return who + " sleeps " + duration_text(last_before.value);
    case Op::mutex_unlock:  // inside a condition's wait
      return who + " sleeps";
    default:
      return who + " blocked";
  }
}

}  // namespace racecourse::report
