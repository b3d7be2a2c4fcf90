// What a strategy sees of the operations that threads are about to do.
#include <gtest/gtest.h>
#include <pthread.h>
#include <racecourse/checkers/detect/race.h>
#include <racecourse/checkers/runtime/execution.h>
#include <racecourse/checkers/runtime/runtime.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <new>
#include <thread>
#include <vector>

namespace racecourse::runtime {
namespace {

using schedule::Reason;

constexpr int kThreads = 4;
constexpr std::uint32_t kMaxLooks = 200;

// One question to the strategy, and what every thread was about to do.
struct Look {
  int current;
  Reason reason;
  std::array<Pending, kThreads> pending;
};
struct Log {
  std::uint32_t count;
  std::array<Look, kMaxLooks> looks;
};

// Writes down what it sees. Runs the thread that it prefers whenever that can run, else the lowest number.
class Probe final : public schedule::Strategy {
 public:
  Probe(Log& log, int preferred) : log_(log), preferred_(preferred) {}
  std::string_view name() const override { return "probe"; }
  void begin(std::uint64_t, std::uint64_t, const schedule::Learnt&) override { log_.count = 0; }
  // Unlike real strategies this one is instrumented like its body, and must not be taken for a part of it.
  __attribute__((no_sanitize("thread"))) schedule::Choice choose(const schedule::View& view) override {
    ++rt.ignore;
    const schedule::Choice choice = look_and_choose(view);
    --rt.ignore;
    return choice;
  }
  std::uint32_t pick(std::uint32_t) override { return 0; }

 private:
  schedule::Choice look_and_choose(const schedule::View& view) {
    if (log_.count < kMaxLooks) {
      Look& look = log_.looks[log_.count++];
      look = {view.current, view.reason, {}};
      for (std::size_t i = 0; i < view.pending.size() && i < kThreads; ++i) look.pending[i] = view.pending[i];
    }
    int best = view.enabled[0];
    for (const int thread : view.enabled)
      if (best != preferred_ && (thread == preferred_ || thread < best)) best = thread;
    return {best, 1};
  }

  Log& log_;
  int preferred_;
};

// One execution of `body` under the probe.
std::vector<Look> looks_at(const std::function<void()>& body, int preferred, const void* raced = nullptr) {
  static auto* const block = new (mmap(nullptr, sizeof(SharedBlock), PROT_READ | PROT_WRITE,
                                       MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)) SharedBlock;
  static auto* const log =
      static_cast<Log*>(mmap(nullptr, sizeof(Log), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  begin_search(kThreads);
  if (raced != nullptr) detect::remember_race(reinterpret_cast<std::uint64_t>(raced));
  const pid_t worker = fork();
  if (worker == 0) {
    BatchConfig config;
    config.last = 1;
    config.make_strategy = [preferred] { return std::make_unique<Probe>(*log, preferred); };
    config.stop_at = [](const SharedBlock&) { return true; };
    run_batch(body, config, *block);
    _exit(kWorkerDone);
  }
  int status = 0;
  waitpid(worker, &status, 0);
  EXPECT_EQ(status, 0);
  return {log->looks.begin(), log->looks.begin() + log->count};
}

// What `thread` was about to do each time that it came to a scheduling point.
std::vector<Pending> operations_of(int thread, const std::vector<Look>& looks) {
  std::vector<Pending> operations;
  for (const Look& look : looks)
    if (look.current == thread && look.reason != Reason::ended) operations.push_back(look.pending.at(thread));
  return operations;
}

std::atomic<int> number;
std::atomic<char> letter;
int plain;
pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
pthread_rwlock_t shared_mutex = PTHREAD_RWLOCK_INITIALIZER;

// Somebody else who could run: points are offered only then.
void do_nothing() {}

TEST(Pending, IsTheObjectAndTheKindOfEveryOperation) {
  const auto looks = looks_at(
      [] {
        std::thread busy([] {
          number.store(1);
          number.load();
          number.fetch_add(1);
          int two = 2;
          number.compare_exchange_strong(two, 3);
          letter.load();
          pthread_mutex_lock(&mutex);
          pthread_mutex_unlock(&mutex);
          pthread_mutex_trylock(&mutex);
          pthread_mutex_unlock(&mutex);
          pthread_rwlock_rdlock(&shared_mutex);
          pthread_rwlock_unlock(&shared_mutex);
          pthread_rwlock_wrlock(&shared_mutex);
          pthread_rwlock_unlock(&shared_mutex);
          pthread_cond_signal(&condition);
          plain = 1;
          std::this_thread::yield();
        });
        std::thread other(do_nothing);
        busy.join();
        other.join();
      },
      1, &plain);
  const std::vector<Pending> expected = {
      on(&number, Access::write, 4),     on(&number, Access::read, 4),
      on(&number, Access::write, 4),     on(&number, Access::write, 4),
      on(&letter, Access::read, 1),      on(&mutex, Access::lock),
      on(&mutex, Access::unlock),        on(&mutex, Access::try_lock),
      on(&mutex, Access::unlock),        on(&shared_mutex, Access::lock_shared),
      on(&shared_mutex, Access::unlock), on(&shared_mutex, Access::lock),
      on(&shared_mutex, Access::unlock), on(&condition, Access::notify),
      on(&plain, Access::write, 4),      {},
      on(&rt.fibers[1], Access::end),
  };
  EXPECT_EQ(operations_of(1, looks), expected);
}

TEST(Pending, OfThreadsIsTheirStartAndTheirJoin) {
  const auto looks = looks_at(
      [] {
        std::thread first(do_nothing), second(do_nothing);
        first.join();
        second.join();
      },
      0);
  const std::vector<Pending> expected = {
      {0, Access::start},               // of the second: the first found nobody else
      on(&rt.fibers[1], Access::join),  // about to join
      on(&rt.fibers[1], Access::join),  // blocked
      on(&rt.fibers[2], Access::join),
      on(&rt.fibers[2], Access::join),
  };
  const std::vector<Pending> seen = operations_of(0, looks);
  ASSERT_LE(seen.size(), expected.size());
  EXPECT_EQ(seen, std::vector(expected.begin(), expected.begin() + static_cast<std::ptrdiff_t>(seen.size())));
  EXPECT_GE(seen.size(), 4u);
  EXPECT_EQ(looks[2].pending[1], Pending{}) << "a thread that has not begun";
}

TEST(Pending, OfAWaiterIsTheConditionUntilItIsWokenAndThenItsMutex) {
  const auto looks = looks_at(
      [] {
        std::thread waiter([] {
          pthread_mutex_lock(&mutex);
          pthread_cond_wait(&condition, &mutex);
          pthread_mutex_unlock(&mutex);
        });
        std::thread waker([] {
          pthread_mutex_lock(&mutex);
          pthread_cond_signal(&condition);
          number.store(1);
          number.store(2);
          pthread_mutex_unlock(&mutex);
        });
        std::thread other(do_nothing);
        waiter.join();
        waker.join();
        other.join();
      },
      1);
  Pending asleep = on(&condition, Access::wait);
  bool slept = false;
  bool woken = false;
  bool blocked = false;
  for (const Look& look : looks) {
    slept |= look.current == 2 && look.pending[1] == asleep;
    woken |= slept && look.reason != Reason::blocked && look.pending[1] == on(&mutex, Access::lock);
    blocked |=
        woken && look.current == 1 && look.reason == Reason::blocked && look.pending[1] == on(&mutex, Access::lock);
  }
  EXPECT_TRUE(slept);
  EXPECT_TRUE(woken);
  EXPECT_TRUE(blocked) << "the waker still holds the mutex";
  asleep.also = reinterpret_cast<std::uint64_t>(&mutex);
  EXPECT_EQ(operations_of(1, looks).at(1), asleep) << "before it sleeps it names the mutex, too";
}

}  // namespace
}  // namespace racecourse::runtime
