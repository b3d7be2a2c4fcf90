// Ctrl-C: who is told to end says first what was found so far.
#pragma once

namespace racecourse::control {

// The exit status of a program that was interrupted, by convention of the shells.
inline constexpr int kExitInterrupted = 130;

// While one of these lives, SIGINT and SIGTERM are taken down instead of ending the process. The second one ends it at
// once. A signal that the program ignores or handles itself stays the program's. Not two at a time.
class InterruptWatch {
 public:
  InterruptWatch();
  ~InterruptWatch();
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;
};

// The first signal that came, 0 if none did; it stays so after the watch has ended.
int interrupted();

// In a forked child, which is ended by signals again.
void forget_interrupts();

}  // namespace racecourse::control
