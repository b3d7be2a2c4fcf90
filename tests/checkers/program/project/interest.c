int interest(int balance) { return balance / 10; }
