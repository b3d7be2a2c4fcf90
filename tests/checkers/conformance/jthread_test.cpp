// std::jthread, stop tokens and stop callbacks.
#include <atomic>
#include <optional>
#include <stop_token>
#include <thread>

#include "conformance.h"

namespace racecourse::conformance {
namespace {

TEST(Jthread, Works) {
  works([] {
    int rounds = 0;
    bool stopped = false;
    {
      std::jthread worker([&](std::stop_token stop) {
        while (!stop.stop_requested()) {
          ++rounds;
          std::this_thread::yield();
        }
        stopped = true;
      });
    }
    EXPECT_TRUE(stopped);
    EXPECT_GE(rounds, 0);
  });
}
TEST(Jthread, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("a thread that never ends");
  is_caught(
      [] {
        std::atomic<bool> stop{false};
        std::jthread worker([&] {
          while (!stop) std::this_thread::yield();  // BUG: ignores its stop token
        });
      },
      Kind::non_termination);
}

TEST(StopSource, Works) {
  works([] {
    std::stop_source source;
    std::atomic<int> won{0};
    auto request = [&] {
      if (source.request_stop()) ++won;
    };
    std::thread a(request), b(request);
    a.join();
    b.join();
    EXPECT_EQ(won, 1);
    EXPECT_TRUE(source.get_token().stop_requested());
  });
}
TEST(StopSource, BrokenIsCaught) {
  is_caught(
      [] {
        std::stop_source source;
        int won = 0;
        auto request = [&] {
          source.request_stop();
          ++won;  // BUG: both come here
        };
        std::thread a(request), b(request);
        a.join();
        b.join();
      },
      Kind::data_race);
}

TEST(StopCallback, Works) {
  works([] {
    std::stop_source source;
    std::atomic<int> calls{0};
    std::thread listener([&, token = source.get_token()] {
      std::stop_callback callback(token, [&] { ++calls; });
      while (!token.stop_requested()) std::this_thread::yield();
    });
    std::thread requester([&] { source.request_stop(); });
    listener.join();
    requester.join();
    EXPECT_EQ(calls, 1);
  });
}
TEST(StopCallback, BrokenIsCaught) {
  is_caught(
      [] {
        std::stop_source source;
        int calls = 0;
        std::stop_callback callback(source.get_token(), [&] { ++calls; });
        std::thread requester([&] { source.request_stop(); });
        int seen = calls;  // BUG: the callback runs in the requester
        requester.join();
        EXPECT_GE(seen, 0);
      },
      Kind::data_race);
}

// Destroying a stop_callback waits for a callback that runs in another thread.
TEST(StopCallbackDestructor, Works) {
  works([] {
    std::stop_source source;
    std::atomic<int> value{0};
    std::thread requester([&] { source.request_stop(); });
    {
      std::atomic<int> local{0};
      std::stop_callback callback(source.get_token(), [&] { local = 1; });
      value = local.load();
    }
    requester.join();
    EXPECT_GE(value, 0);
  });
}
TEST(StopCallbackDestructor, BrokenIsCaught) {
  is_caught(
      [] {
        std::stop_source source;
        std::atomic<bool> registered{false}, done{false};
        std::thread listener([&] {
          auto stop = [&] {
            while (!done) std::this_thread::yield();
          };
          std::optional<std::stop_callback<decltype(stop)>> callback(std::in_place, source.get_token(), stop);
          registered = true;
          callback.reset();  // BUG: waits for the callback, which waits for `done`
          done = true;
        });
        std::thread requester([&] {
          while (!registered) std::this_thread::yield();
          source.request_stop();
        });
        listener.join();
        requester.join();
      },
      Kind::livelock, {Kind::non_termination});
}

}  // namespace
}  // namespace racecourse::conformance
