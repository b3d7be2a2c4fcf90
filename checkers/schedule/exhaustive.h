// A systematic search as a strategy: turns what the runtime tells into transitions, and asks the search who makes the
// next one.
//
// What is no transition:
//  - a lock that is found held, a join that comes too early: the thread counts as unable from then on. With a timeout
//    they are like a try_lock: whether to wait or to time out is the same as when to be scheduled;
//  - a yield; but if nothing else decides, it is somebody else's turn then;
//  - going round in a loop that changed nothing: the thread counts as unable until somebody changes what it read. If
//    nobody is left who could, it is left to spin, and the runtime says that the execution does not end.
// A timeout is a transition of its own and may come as soon as its thread waits.
#pragma once

#include <racecourse/checkers/schedule/strategy.h>
#include <racecourse/checkers/schedule/systematic.h>

#include <array>
#include <bitset>
#include <memory>
#include <utility>

namespace racecourse::schedule {

class Exhaustive final : public Strategy {
 public:
  // `searches` may be null in one that is only made to see whether it can be.
  explicit Exhaustive(std::unique_ptr<Searches> searches) : searches_(std::move(searches)) {}
  std::string_view name() const override { return "exhaustive"; }
  void begin(std::uint64_t execution, std::uint64_t seed, const Learnt& learnt) override;
  Choice choose(const View& view) override;
  std::uint32_t pick(std::uint32_t n) override { return search_->answer(n); }
  bool wants_wakeups() const override { return true; }
  bool prefers(int woken, int current) override;
  bool watches() const override { return true; }
  bool records() const override { return true; }
  void started(int thread, int parent) override;
  void touched(const Effect& effect) override;
  void wants(const Effect& effect) override;
  void stands(std::uint64_t digest) override;
  void changed() override;
  bool only_delays(std::uint64_t pc) override;
  // Reads in vain are asked about.
  std::uint32_t patience() const override { return kUnlimited; }
  void leaves_threads() override;
  void learnt_race() override { restarts_ = true; }
  void passes_limit() override;
  void proves_nothing(const char* why) override { search_->set_breach(why); }
  void end() override;
  bool exhausted() const override { return searches_->next() == nullptr; }

 private:
  static constexpr std::size_t kThreads = 256;
  static constexpr std::size_t kMaxReads = 32;

  // A thread that may go round a loop without changing anything. Whether it does is found out as by R. P. Brent, "An
  // Improved Monte Carlo Factorization Algorithm", BIT 20, 1980: compare with a place that is moved up ever more
  // seldom.
  struct Reads {
    bool anchored = false;
    std::uint64_t anchor = 0;  // the place
    std::uint32_t visits = 0, until = 1;
    bool disturbed = false;  // somebody changed since then what it reads
    // What it read since it changed anything.
    std::uint16_t count = 0;
    bool too_many = false;
    std::array<Effect, kMaxReads> effects;
  };

  static void forget(Reads& reads) {
    reads.count = 0;
    reads.too_many = reads.anchored = false;
    reads.until = 1;
  }
  bool comes_round(Reads& reads, std::uint64_t digest);
  bool finish_step(const View& view);
  void derive_effect();
  void look_at_change(const Effect& effect);
  Choice grant(const View& view, int thread);

  const std::unique_ptr<Searches> searches_;
  Systematic* search_ = nullptr;  // of this execution
  int running_ = -1;
  std::size_t used_ = 0;  // threads with numbers below this ran in this execution
  Pending begun_{};       // what the running thread was about to do when it was chosen
  bool restarts_ = false;
  bool leaves_ = false;  // the execution ended while other threads may have gone on
  bool left_to_spin_ = false;
  bool yielded_ = false;            // the running thread, in its step
  std::bitset<kThreads> waits_;     // for something closed
  std::uint16_t looks_ = 0;         // at where the running thread stands, in this step
  std::bitset<kThreads> spinning_;  // until what they read changes
  std::bitset<kThreads> timed_;     // could have timed out when the running step began
  std::array<Reads, kThreads> reads_;
  std::array<std::uint16_t, 2 * kThreads> able_;  // when the running step began
  std::size_t able_count_ = 0;
};

}  // namespace racecourse::schedule
