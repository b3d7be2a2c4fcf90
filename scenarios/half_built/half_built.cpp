// A half-built object: its base class starts the thread, and the thread finds a base class only.
//
// A constructor that hands out `this`, to a thread, a callback or a list of listeners, shows the object to others
// before it is there.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/scenarios/scenario.h>

#include <cassert>
#include <chrono>
#include <memory>
#include <thread>

namespace racecourse::catalogue {
namespace {

using namespace std::chrono_literals;

class StartedByBase {
 public:
  StartedByBase() : thread_([this] { run(); }) {}  // BUG: this is not built yet
  virtual ~StartedByBase() = default;
  void join() { thread_.join(); }

 private:
  virtual void run() {}

  std::thread thread_;
};

class StartedLast {
 public:
  StartedLast() {
    thread_ = std::thread([this] { run(); });
  }  // the last line of this constructor
  virtual ~StartedLast() = default;
  void join() { thread_.join(); }

 private:
  virtual void run() {}

  std::thread thread_;
};

class StartsSlowly {
 public:
  StartsSlowly()
      : thread_([this] {
          std::this_thread::sleep_for(1ms);  // "it will be built by then"
          run();
        }) {}
  virtual ~StartsSlowly() = default;
  void join() { thread_.join(); }

 private:
  virtual void run() {}

  std::thread thread_;
};

class StartedByOwner {
 public:
  virtual ~StartedByOwner() = default;
  void start() {
    thread_ = std::thread([this] { run(); });
  }
  void join() { thread_.join(); }

 private:
  virtual void run() {}

  std::thread thread_;
};

template <class Base>
class Backup : public Base {
 public:
  explicit Backup(int files) : files_(files) {}
  int copied() const { return copied_; }

 private:
  void run() override { copied_ = files_; }

  int files_;
  int copied_ = 0;
};

template <class Base>
void backup_runs() {
  // Not a local: of those clang++ 14 announces no access to a member once the functions are inlined.
  const auto backup = std::make_unique<Backup<Base>>(3);
  if constexpr (requires { backup->start(); }) backup->start();
  backup->join();
  assert(backup->copied() == 3);
}

// No base class: the thread is a member, made after all that it uses.
class BackupWithThread {
 public:
  explicit BackupWithThread(int files) : files_(files), thread_([this] { copied_ = files_; }) {}
  void join() { thread_.join(); }
  int copied() const { return copied_; }

 private:
  int files_;
  int copied_ = 0;
  std::thread thread_;  // last, so that the others are there when it starts
};

void member_backup_runs() {
  BackupWithThread backup(3);
  backup.join();
  assert(backup.copied() == 3);
}

const std::map<Checker, Expectation> nothing_copied{
    {Checker::explore, finds(Kind::assertion, {Kind::data_race})},
    {Checker::tsan, finds(Kind::data_race, {Kind::assertion})},
};

const ScenarioRegistration registration{{
    .name = "half_built",
    .title = "The thread that was there before its object",
    .family = "classic",
    .difficulty = 3,
    .from = "the advice of many books never to let `this` escape from a constructor",
    .story = "A base class owns a thread and starts it in its constructor; what the thread is to do, the derived class "
             "says in run(). The base class is tested, the derived class is three lines. Now and then a backup ends "
             "at once and has copied nothing.",
    .python = "In Python the thread's run() is looked up in the finished class, so the method is the right one; but "
              "attributes that __init__ sets after start() may be missing.",
    .hints = {"In which order are the parts of a Backup built, and when does the thread start?",
              "While the constructor of the base class runs, the object is of the base class. Which run() does a "
              "virtual call find then?",
              "The thread may call run() at once, or after the derived class is built. Who decides that, and who "
              "should?"},
    .explanation =
        "The base class is built first, and the thread starts there. Until the constructor of Backup begins, the "
        "object is only a base: a virtual call finds the base's run(), which does nothing. If the thread is slower, it "
        "finds the right function, and members that are being written at this moment. Both are one data race, on the "
        "pointer to the table of virtual functions and on the members; in the first case the work is never done.",
    .rule = "Do not let another thread see an object before its constructor has returned.",
    .fix = "Build first, start then: the owner calls start() on a finished object. Or do without the base class: a "
           "thread that is the last member starts when all that it uses is there.",
    .reading = {"Goetz and others, Java Concurrency in Practice, 2006, section 3.2.1: safe construction practices",
                "Meyers, Effective C++, third edition, 2005, item 9: never call virtual functions during construction",
                "C++ Core Guidelines, C.82: don't call virtual functions in constructors and destructors"},
    .variants =
        {
            broken("started_by_base", "The base class's constructor starts the thread.", backup_runs<StartedByBase>,
                   nothing_copied),
            right("started_by_owner", "Whoever makes the object starts its thread afterwards.",
                  backup_runs<StartedByOwner>),
            right("thread_is_last_member", "No base class, and the thread is the last member.", member_backup_runs),
            wrong_fix("started_last", "The thread is started in the last line of the base class's constructor.",
                      "It is the last line of the base only: the derived class is built after it.",
                      backup_runs<StartedLast>, nothing_copied),
            wrong_fix("starts_slowly", "The thread sleeps a little before it calls run().",
                      "Nothing orders the constructor before the call: on a busy machine it comes too early still.",
                      backup_runs<StartsSlowly>, nothing_copied),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
