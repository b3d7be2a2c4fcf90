// The bodies of an exercise's checks, and the program that runs one of them. What each asks, and which rung of the
// ladder it stands on, is declared with the exercise (exercise.h); a body is plain C++ that asserts what must hold.
//
//   const racecourse::lab::Bodies bodies{{
//       {"two_withdraw", [] { ... assert(account.balance() == 200); }},
//       {"waits_asleep", [] { ... flag.wait(); }, racecourse::lab::Ends::asleep},
//   }};
//
// How a body is searched: every execution, as far as kExhaustive of them; if there are more, kRandom further ones of
// the default search, all from seed 1. Budgets are numbers of executions and of steps, never of seconds, so a verdict
// is the same on every machine, and says how much was searched.
//
// The program:  NAME --check two_withdraw [--result-fd N] [--nonce-fd N] [--token T | --turns "1 2:1"] [--trace]
//                    [--command C]
//               NAME --check two_withdraw --steer [--result-fd N]
// One check a process. It answers with one line of JSON (checks_main.cpp) that holds the nonce, and exits with 0; 2:
// bad arguments. With --turns it runs one execution, under the turns of steer.h and as far as they go; with --steer it
// serves questions (steered.h).
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace racecourse::lab {

enum class Ends {
  normally,  // nothing may be found
  asleep,  // it waits for what never comes, and so must end in a deadlock: everybody asleep. Who spins, or looks again
           // every millisecond, is found out because the execution does not end.
};

struct Body {
  std::string name;
  std::function<void()> run;
  Ends ends = Ends::normally;
};

// Adds bodies at program start.
struct Bodies {
  explicit Bodies(std::vector<Body> bodies);
};

inline constexpr unsigned long kExhaustive = 5'000;
inline constexpr unsigned long kRandom = 5'000;

}  // namespace racecourse::lab
