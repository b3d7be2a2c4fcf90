// A lock that parks: who waits, sleeps.
namespace {

void waits_asleep() {
  MyLock lock;
  lock.acquire();
  std::thread waits([&] { lock.acquire(); });
  waits.join();  // nobody releases
  assert(false);
}

const racecourse::lab::Bodies asleep_bodies{{{"waits_asleep", waits_asleep, racecourse::lab::Ends::asleep}}};

}  // namespace
