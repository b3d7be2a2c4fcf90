#pragma once

class Account {
 public:
  explicit Account(int balance) : balance_(balance) {}
  bool withdraw(int amount);
  int balance() const;

 private:
  int balance_;
};

extern int withdrawals;  // of all accounts
