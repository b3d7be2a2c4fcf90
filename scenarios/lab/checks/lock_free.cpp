// Lock-free: whoever is stopped in the middle of a call, stops nobody else. A signal handler shows it: it may run
// between any two steps of the thread that it interrupts, and what it interrupted does not go on before it has ended.
#include <csignal>

namespace {

MyAccount* interrupted_account = nullptr;

void withdraws_in_a_handler() {
  MyAccount account(1000);
  interrupted_account = &account;
  std::signal(SIGUSR1, [](int) { interrupted_account->withdraw(100); });
  std::thread worker([&] {
    account.withdraw(100);
    account.withdraw(100);
  });
  pthread_kill(worker.native_handle(), SIGUSR1);
  worker.join();
  std::signal(SIGUSR1, SIG_DFL);
  assert(account.balance() == 700);
}

const racecourse::lab::Bodies lock_free_bodies{{{"withdraws_in_a_handler", withdraws_in_a_handler}}};

}  // namespace
