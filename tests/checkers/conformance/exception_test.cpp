// Exceptions in flight while other threads run: each thread has its own.
#include <exception>
#include <future>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "conformance.h"

namespace racecourse::conformance {
namespace {

// Switches while the exception is being thrown (in a destructor) and while it is being handled.
struct YieldsWhenUnwound {
  ~YieldsWhenUnwound() {
    std::this_thread::yield();
    EXPECT_EQ(std::uncaught_exceptions(), 1);
  }
};
void throws_number(int number) {
  YieldsWhenUnwound guard;
  throw number;
}

TEST(ExceptionInFlight, Works) {
  works([] {
    auto work = [](int me) {
      for (int i = 0; i < 2; ++i) {
        try {
          throws_number(me);
        } catch (int caught) {
          std::this_thread::yield();
          EXPECT_EQ(caught, me);
          try {
            throw std::string("inner");
          } catch (const std::string& inner) {
            std::this_thread::yield();
            EXPECT_EQ(inner, "inner");
          }
          EXPECT_EQ(std::uncaught_exceptions(), 0);
          EXPECT_NE(std::current_exception(), nullptr);
        }
        EXPECT_EQ(std::current_exception(), nullptr);
      }
    };
    std::thread a(work, 1), b(work, 2);
    a.join();
    b.join();
  });
}
TEST(ExceptionInFlight, BrokenIsCaught) {
  is_caught(
      [] {
        int handled = 0;
        auto work = [&](int me) {
          try {
            throw me;
          } catch (int) {
            ++handled;  // BUG: unsynchronized
          }
        };
        std::thread a(work, 1), b(work, 2);
        a.join();
        b.join();
      },
      Kind::data_race);
}

TEST(UncaughtException, Works) {
  works([] {
    std::thread worker([] {
      try {
        throw std::runtime_error("caught in time");
      } catch (const std::exception&) {
      }
    });
    worker.join();
  });
}
TEST(UncaughtException, BrokenIsCaught) {
  is_caught(
      [] {
        std::thread worker([] { throw std::runtime_error("nobody catches"); });  // BUG: leaves the thread
        worker.join();
      },
      Kind::exception);
}

TEST(ExceptionReleasesLock, Works) {
  works([] {
    std::mutex mutex;
    int count = 0;
    auto add = [&](bool fails) {
      try {
        std::lock_guard lock(mutex);
        ++count;
        if (fails) throw std::runtime_error("inside");
      } catch (const std::runtime_error&) {
      }
    };
    std::thread a(add, true), b(add, false);
    a.join();
    b.join();
    EXPECT_EQ(count, 2);
  });
}
TEST(ExceptionReleasesLock, BrokenIsCaught) {
  is_caught(
      [] {
        std::mutex mutex;
        auto add = [&](bool fails) {
          try {
            mutex.lock();
            if (fails) throw std::runtime_error("inside");  // BUG: skips the unlock
            mutex.unlock();
          } catch (const std::runtime_error&) {
          }
        };
        std::thread a(add, true), b(add, false);
        a.join();
        b.join();
      },
      Kind::deadlock, {Kind::partial_deadlock});
}

TEST(ExceptionPointer, Works) {
  works([] {
    std::exception_ptr error;
    std::thread thrower([&] {
      try {
        throw std::runtime_error("carried over");
      } catch (...) {
        error = std::current_exception();
      }
    });
    thrower.join();
    try {
      std::rethrow_exception(error);
    } catch (const std::runtime_error& caught) {
      EXPECT_EQ(std::string(caught.what()), "carried over");
    }
  });
}
TEST(ExceptionPointer, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("the catch blocks of both threads end inside the library, whose reference count orders them");
  is_caught(
      [] {
        struct Failure {
          int seen_by = 0;
        };
        std::exception_ptr error = std::make_exception_ptr(Failure());
        auto handle = [error] {
          try {
            std::rethrow_exception(error);
          } catch (Failure& failure) {
            ++failure.seen_by;  // BUG: the one object for both
          }
        };
        std::thread a(handle), b(handle);
        a.join();
        b.join();
      },
      Kind::data_race);
}

// Whoever looks at it last destroys it, inside the library.
TEST(ExceptionOfTwoThreads, Works) {
  works([] {
    std::promise<void> promise;
    std::shared_future<void> future = promise.get_future().share();
    std::vector<std::thread> threads;
    for (int i = 0; i < 2; ++i) {
      threads.emplace_back([future] {
        try {
          future.get();
        } catch (const std::runtime_error& error) {
          EXPECT_STREQ(error.what(), "a text that is not short at all");
        }
      });
    }
    promise.set_exception(std::make_exception_ptr(std::runtime_error("a text that is not short at all")));
    future = {};
    for (std::thread& thread : threads) thread.join();
  });
}
TEST(ExceptionThrownAgainInTwoThreads, Works) {
  works([] {
    std::exception_ptr failure;
    try {
      throw std::runtime_error("a text that is not short at all");
    } catch (...) {
      failure = std::current_exception();
    }
    const auto look = [](std::exception_ptr own) {
      try {
        std::rethrow_exception(std::move(own));
      } catch (const std::runtime_error& error) {
        EXPECT_STREQ(error.what(), "a text that is not short at all");
      }
    };
    std::thread a(look, failure), b(look, std::move(failure));
    a.join();
    b.join();
  });
}

// An exception that meets noexcept ends the program.
TEST(NoexceptViolation, Works) {
  works([] {
    std::thread worker([]() noexcept {
      try {
        throws_number(1);
      } catch (int) {
      }
    });
    worker.join();
  });
}
TEST(NoexceptViolation, BrokenIsCaught) {
  is_caught(
      [] {
        std::thread worker([]() noexcept { throws_number(1); });  // BUG: terminates
        worker.join();
      },
      Kind::exception, {Kind::abort});
}

}  // namespace
}  // namespace racecourse::conformance
