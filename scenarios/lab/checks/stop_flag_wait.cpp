// A stop flag that one can wait for.
namespace {

void waits_no_more() {
  MyStopFlag flag;
  assert(!flag.wait_for(std::chrono::milliseconds(1)));
  flag.request();
  flag.wait();
  assert(flag.wait_for(std::chrono::milliseconds(1)));
}

void sleeper_wakes() {
  MyStopFlag flag;
  int last_order = 0;
  std::thread sleeper([&] {
    flag.wait();
    assert(last_order == 42);
  });
  last_order = 42;
  flag.request();
  sleeper.join();
}

void two_sleepers_wake() {
  MyStopFlag flag;
  std::thread first([&] { flag.wait(); }), second([&] { flag.wait(); });
  flag.request();
  first.join();
  second.join();
}

void sleeps_until_asked() {
  MyStopFlag flag;
  std::thread sleeper([&] { flag.wait(); });
  sleeper.join();  // nobody asks
  assert(false);
}

const racecourse::lab::Bodies wait_bodies{{
    {"waits_no_more", waits_no_more},
    {"sleeper_wakes", sleeper_wakes},
    {"two_sleepers_wake", two_sleepers_wake},
    {"sleeps_until_asked", sleeps_until_asked, racecourse::lab::Ends::asleep},
}};

}  // namespace
