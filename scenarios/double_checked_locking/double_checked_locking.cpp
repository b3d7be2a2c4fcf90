// Double-checked locking: a look without the lock, so that only the first caller pays for it.
//
// It was in every book of the nineties. The second look is right; the first one is a data race, and sees a pointer that
// says nothing about what it points to.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/scenarios/scenario.h>

#include <atomic>
#include <cassert>
#include <memory>
#include <mutex>
#include <thread>

namespace racecourse::catalogue {
namespace {

struct Settings {
  int port = 8080;
};

// `Pointer` is Settings*, and what people make of it.
template <class Pointer>
class LazySettings {
 public:
  ~LazySettings() { delete settings_; }

  const Settings& get() {
    if (settings_ == nullptr) {  // BUG: read without the lock
      const std::lock_guard lock(mutex_);
      if (settings_ == nullptr) settings_ = new Settings;
    }
    return *settings_;
  }

 private:
  std::mutex mutex_;
  Pointer settings_ = nullptr;
};

template <std::memory_order load_order, std::memory_order store_order>
class AtomicSettings {
 public:
  ~AtomicSettings() { delete settings_.load(); }

  const Settings& get() {
    Settings* settings = settings_.load(load_order);
    if (settings == nullptr) {
      const std::lock_guard lock(mutex_);
      settings = settings_.load(std::memory_order_relaxed);  // relaxed: the mutex orders it
      if (settings == nullptr) {
        settings = new Settings;
        settings_.store(settings, store_order);
      }
    }
    return *settings;
  }

 private:
  std::mutex mutex_;
  std::atomic<Settings*> settings_{nullptr};
};

class OnceSettings {
 public:
  const Settings& get() {
    std::call_once(made_, [this] { settings_ = std::make_unique<Settings>(); });
    return *settings_;
  }

 private:
  std::once_flag made_;
  std::unique_ptr<Settings> settings_;
};

struct StaticSettings {
  const Settings& get() {
    static const Settings settings;  // the compiler writes the double check, and writes it right
    return settings;
  }
};

template <class Lazy>
void two_ask_at_once() {
  Lazy lazy;
  int seen = 0;
  std::thread other([&] { seen = lazy.get().port; });
  const int port = lazy.get().port;
  other.join();
  assert(port == 8080 && seen == 8080);
}

constexpr auto kRelaxed = std::memory_order_relaxed;
constexpr auto kAcquire = std::memory_order_acquire;  // pairs with the release of whoever made the settings
constexpr auto kRelease = std::memory_order_release;  // publishes the settings that the pointer points to

const std::map<Checker, Expectation> races{{Checker::explore, finds(Kind::data_race)},
                                           {Checker::tsan, finds(Kind::data_race)}};

const ScenarioRegistration registration{{
    .name = "double_checked_locking",
    .title = "Double-checked locking",
    .family = "classic",
    .difficulty = 3,
    .from = "Schmidt and Harrison's pattern of 1996; Meyers and Alexandrescu showed in 2004 what is wrong with it",
    .story = "Settings are read from disk when somebody first asks for them. A lock makes sure that only one thread "
             "does it. From then on the lock seems a waste: so the pointer is looked at first without it, and only if "
             "it is null with it. On the developer's machine it works, and it is fast.",
    .python = "In CPython the global lock lets no thread see half of another's work, so the same pattern happens to "
              "work there.",
    .hints = {"Two lines read the pointer. Which lock protects the first?",
              "Suppose the first look finds a pointer that is not null. What makes sure that the settings behind it "
              "are there already?",
              "Making the object and storing the pointer are two writes, and nothing orders them for a thread that "
              "takes no lock."},
    .explanation =
        "One thread holds the lock and writes the pointer while another reads it without the lock: a data race. It "
        "matters, for the object is written in one place and the pointer in another. Compiler and processor may show "
        "the pointer first, and who finds it not null uses an object that is not made yet. What you see in the picture "
        "is the race; that nothing else went wrong in this execution is luck.",
    .rule = "What one thread writes and another reads without a common lock must be atomic, with release and acquire.",
    .fix = "A static local variable or std::call_once does what was meant, and is as fast. By hand: the pointer is "
           "atomic, its store releases and the first load acquires. Who sees the pointer then sees also the object.",
    .reading = {"Meyers, Alexandrescu, C++ and the perils of double-checked locking, Dr. Dobb's Journal, 2004",
                "Bacon and others, The \"Double-Checked Locking is Broken\" declaration",
                "C++ Core Guidelines, CP.110: don't write your own double-checked locking for initialization; CP.111"},
    .variants =
        {
            broken("plain_pointer", "The first look at the pointer takes no lock.",
                   two_ask_at_once<LazySettings<Settings*>>, races),
            right("static_local", "A static local variable: the compiler locks.", two_ask_at_once<StaticSettings>),
            right("call_once", "std::call_once makes the settings once, and everybody waits for that.",
                  two_ask_at_once<OnceSettings>),
            right("acquire_and_release", "The pointer is atomic; its store releases what its load acquires.",
                  two_ask_at_once<AtomicSettings<kAcquire, kRelease>>),
            wrong_fix("volatile_pointer", "The pointer is volatile.",
                      "volatile is a matter between the compiler and one thread: it is a data race still, and orders "
                      "nothing.",
                      two_ask_at_once<LazySettings<Settings* volatile>>, races),
            wrong_fix("relaxed_pointer", "The pointer is atomic, its orders are relaxed.",
                      "The race has moved: the pointer arrives whole, but what it points to need not be there.",
                      two_ask_at_once<AtomicSettings<kRelaxed, kRelaxed>>, races),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
