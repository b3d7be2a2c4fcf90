#include "account.h"

int withdrawals = 0;

bool Account::withdraw(int amount) {
  if (balance_ < amount) return false;
  balance_ -= amount;
  withdrawals++;
  return true;
}

int Account::balance() const { return balance_; }
