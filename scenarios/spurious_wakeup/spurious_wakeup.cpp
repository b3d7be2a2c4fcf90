// A wakeup that was not for this: a thread waits without asking what it waits for.
//
// The standard lets wait() return for no reason at all. That is rare and hard to show; a notification that was meant
// for another event does the same, every day, and the cure is the same.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/scenarios/scenario.h>

#include <cassert>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace racecourse::catalogue {
namespace {

struct Download {
  std::mutex mutex;
  std::condition_variable changed;
  int percent = 0;    // guarded by mutex
  bool done = false;  // guarded by mutex
};

void fetch(Download& download) {
  {
    const std::lock_guard lock(download.mutex);
    download.percent = 50;
  }
  download.changed.notify_all();  // for the progress bar
  {
    const std::lock_guard lock(download.mutex);
    download.percent = 100;
    download.done = true;
  }
  download.changed.notify_all();
}

void bare_wait(Download& download, std::unique_lock<std::mutex>& lock) {
  download.changed.wait(lock);  // BUG: woken, but for what?
}

void wait_if_not_done(Download& download, std::unique_lock<std::mutex>& lock) {
  if (!download.done) download.changed.wait(lock);
}

void wait_until_done(Download& download, std::unique_lock<std::mutex>& lock) {
  download.changed.wait(lock, [&] { return download.done; });  // the same as: while (!download.done) wait(lock);
}

// "Woken too early? Then wait once more."
void wait_twice(Download& download, std::unique_lock<std::mutex>& lock) {
  if (!download.done) download.changed.wait(lock);
  if (!download.done) download.changed.wait(lock);
}

template <void wait_for_file(Download&, std::unique_lock<std::mutex>&)>
void open_file_when_done() {
  Download download;
  std::thread fetcher([&] { fetch(download); });
  std::thread viewer([&] {
    std::unique_lock lock(download.mutex);
    wait_for_file(download, lock);
    assert(download.done);
  });
  fetcher.join();
  viewer.join();
}

// Another viewer skips ahead: one more notification that is not about the end.
template <void wait_for_file(Download&, std::unique_lock<std::mutex>&)>
void open_file_while_another_seeks() {
  Download download;
  std::thread fetcher([&] { fetch(download); });
  std::thread seeker([&] { download.changed.notify_all(); });
  std::thread viewer([&] {
    std::unique_lock lock(download.mutex);
    wait_for_file(download, lock);
    assert(download.done);
  });
  fetcher.join();
  seeker.join();
  viewer.join();
}

Options hangs_on_real_threads() {
  Options options;
  options.deadline_seconds = 1;
  return options;
}

const ScenarioRegistration registration{{
    .name = "spurious_wakeup",
    .title = "Woken, but for what?",
    .family = "classic",
    .difficulty = 2,
    .from = "Lampson and Redell, 1980: in Mesa a wakeup is a hint, and the waiter has to look",
    .story = "A thread fetches a file. It notifies whenever there is something new: once in the middle, for the "
             "progress bar, and once at the end. A viewer waits on the same condition variable and opens the file as "
             "soon as it is woken. Sometimes it opens half a file; sometimes it never wakes up.",
    .hints = {"For how many reasons is the condition variable notified?",
              "The viewer takes being woken for the news itself. What does it know for certain when wait() returns?",
              "It knows only that it has the mutex again. What should it look at then, and how often?"},
    .explanation =
        "A notification carries no message: it says \"look again\". The first one, about the progress, wakes the "
        "viewer, which does not look and goes on with half a file. If the fetcher is quick, both notifications come "
        "before the viewer waits; nobody keeps them, and it sleeps for ever. A wakeup for no reason, which the "
        "standard allows, would end like the first case.",
    .rule = "Wait for a condition, in a loop that looks at it; never for a notification.",
    .fix = "wait() with a predicate looks before it sleeps, so a notification that came too early does no harm; and it "
           "looks again after every wakeup, so one that was for something else only costs a moment.",
    .reading = {"Lampson, Redell, Experience with processes and monitors in Mesa, CACM 23(2), 1980",
                "C++ Core Guidelines, CP.42: don't wait without a condition", "pthread_cond_wait(3p), rationale"},
    .variants =
        {
            with(hangs_on_real_threads(),
                 broken("bare_wait", "Waits for a notification, whatever it is about.", open_file_when_done<bare_wait>,
                        {{Checker::explore, finds(Kind::assertion, {Kind::lost_wakeup, Kind::deadlock})},
                         {Checker::tsan,
                          may_find(Kind::assertion, "if the fetcher is done before the viewer waits, it hangs instead",
                                   {Kind::hang})}})),
            right("wait_until_done", "Waits until the file is done, and looks after every wakeup.",
                  open_file_while_another_seeks<wait_until_done>),
            wrong_fix("wait_if_not_done", "Looks before it waits, but not after.",
                      "It sleeps only when it must, but the progress notification still wakes it too early.",
                      open_file_when_done<wait_if_not_done>,
                      {{Checker::explore, finds(Kind::assertion)},
                       {Checker::tsan, may_find(Kind::assertion,
                                                "the viewer must begin to wait before the middle of "
                                                "the file")}}),
            wrong_fix("wait_twice", "Waits a second time, for there is one notification too many.",
                      "It counts the notifications of today: one more reason to notify, and it is too early again.",
                      open_file_while_another_seeks<wait_twice>,
                      {{Checker::explore, finds(Kind::assertion)},
                       {Checker::tsan, may_find(Kind::assertion, "three notifications must come at the right time")}}),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
