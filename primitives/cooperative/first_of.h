// Two blocking calls at a time; the task goes on with the result of the faster one. The slower one runs to its end, and
// what it returns is dropped.
#pragma once

#include <racecourse/primitives/cooperative/loop.h>

#include <atomic>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace racecourse::cooperative {

template <class First, class Second>
class FirstOf {
 public:
  using Result = std::invoke_result_t<First&>;
  static_assert(std::is_same_v<Result, std::invoke_result_t<Second&>> && !std::is_void_v<Result>);

  FirstOf(Loop& loop, First first, Second second) : loop_(loop), first_(std::move(first)), second_(std::move(second)) {}

  bool await_ready() const { return false; }
  void await_suspend(Handle waiting) {
    auto race = std::make_shared<Race>(loop_, waiting);
    race_ = race;
    // From the first of these on, the task may be ready; but it runs in this thread, so not before this function ends.
    loop_.run_outside([race, call = std::move(first_)]() mutable { race->run(0, call); });
    try {
      loop_.run_outside([race, call = std::move(second_)]() mutable { race->run(1, call); });
    } catch (...) {  // no thread for it: the first one is on its way already
      race->runners[1].error = std::current_exception();
      race->finish(1);
    }
  }
  Result await_resume() {
    Runner& winner = race_->runners[race_->winner];
    if (winner.error) std::rethrow_exception(winner.error);
    return std::move(*winner.result);
  }

 private:
  static constexpr int kNobody = -1;

  struct Runner {
    std::optional<Result> result;
    std::exception_ptr error;
  };

  // Owned by both threads as well: the slower one comes back when the task has long gone on.
  struct Race {
    Race(Loop& loop, Handle waiting) : loop(loop), waiting(waiting) {}

    template <class Call>
    void run(int number, Call& call) {
      try {
        runners[number].result = call();
      } catch (...) {
        runners[number].error = std::current_exception();
      }
      finish(number);
    }

    void finish(int number) {
      int nobody = kNobody;
      if (!winner.compare_exchange_strong(nobody, number)) return;  // C4: one of them resumes the task
      loop.post(waiting);
    }

    Loop& loop;
    const Handle waiting;
    Runner runners[2];
    std::atomic<int> winner{kNobody};
  };

  Loop& loop_;
  First first_;
  Second second_;
  std::shared_ptr<Race> race_;
};

}  // namespace racecourse::cooperative
