#include <racecourse/checkers/control/interrupt.h>
#include <signal.h>

#include <atomic>

namespace racecourse::control {
namespace {

constexpr int kSignals[] = {SIGINT, SIGTERM};

std::atomic<int> first{0};
struct sigaction before[2];
bool watching = false;

void on_signal(int signal) {
  int none = 0;
  first.compare_exchange_strong(none, signal);
  // Whoever asks again wants it now.
  for (const int each : kSignals) ::signal(each, SIG_DFL);
}

bool is_ours(const struct sigaction& action) {
  return (action.sa_flags & SA_SIGINFO) == 0 && action.sa_handler == on_signal;
}

}  // namespace

InterruptWatch::InterruptWatch() {
  struct sigaction action = {};
  action.sa_handler = on_signal;  // without SA_RESTART: what waits in poll() is to notice
  sigemptyset(&action.sa_mask);
  for (int i = 0; i < 2; i++) {
    sigaction(kSignals[i], nullptr, &before[i]);
    if ((before[i].sa_flags & SA_SIGINFO) == 0 && before[i].sa_handler == SIG_DFL)
      sigaction(kSignals[i], &action, nullptr);
  }
  watching = true;
}

InterruptWatch::~InterruptWatch() { forget_interrupts(); }

int interrupted() { return first.load(std::memory_order_relaxed); }

void forget_interrupts() {
  if (!watching) return;
  watching = false;
  for (int i = 0; i < 2; i++) {
    struct sigaction now;
    if (sigaction(kSignals[i], nullptr, &now) == 0 && is_ours(now)) sigaction(kSignals[i], &before[i], nullptr);
  }
}

}  // namespace racecourse::control
