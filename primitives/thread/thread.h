// Thread: a function that runs beside the rest of the program, and a handle to wait for it.
//
// Operations
//   Joining t({.name = "Th01"}, f)   makes a thread for any callable f, which may be one that can only be moved
//   Joining<MyThread> t(...)         the same for a class of one's own: derive from Thread, and define run()
//   start()                          begins to run f
//   join()                           waits until it has ended
//   join_for(d)                      waits at most about d: true if it has ended, and then it is joined
//   joinable()                       started, and neither joined nor let go
//   detach()                         lets it go: it ends by itself, or with the program
//   is_alive()                       started, and not ended, a moment ago
//   name(), daemon()                 as given; without a name, "Thread-1", "Thread-2", ...
//   current_thread(), main_thread()  who am I, who is main: name and daemon flag
//   enumerate(), active_count()      those that are alive, main among them; other std::threads are not known here
//   DaemonRegistry program;          owns threads, and ends them in order (below)
//   program.start(options, f)        starts f(std::stop_token)
//   program.shut_down()              the end of the program; also done by the destructor
// start(), join(), join_for(), joinable(), detach() and the destructor belong to one thread, the owner; the rest to
// any.
//
// Invariants (the code cites them by number)
//   T1  f runs once after start(), and never without.
//   T2  After join(), f has returned, and what it wrote is seen. is_alive() is false, enumerate() does not name it.
//   T3  A handle outlives its thread: the destructor waits. (Unless the thread itself destroys its handle: nobody can
//       wait for his own end, so it is let go, and touches the handle no more.)
//   T4  The program ends after the last thread that is no daemon, whatever the daemons do.
//   T5  A daemon loses nothing that it promised to write: it is told to stop, and has the time to finish.
//
// Errors
//   start() twice: std::logic_error. join() of a thread that was not started, or was joined before:
//   std::system_error(invalid_argument); by the thread itself: std::system_error(resource_deadlock_would_occur).
//   An exception that leaves f ends the program, as with std::thread.
//
// Ordering promise: everything before start() happens-before f begins; the end of f happens-before join(), or a
// join_for() that is true, returns. is_alive() == false promises nothing of the kind: join.
//
// Misuse
//   - a daemon that never looks at its stop_token: the program waits for ever
//   - f with references to what dies before the handle does: declare the handle last
//   - waiting for a daemon without having told it to stop (the catalogue's daemon_join)
//   - deciding on is_alive() or active_count(): true a moment ago
//
// Python: threading.Thread.
//   t = Thread(target=f, name="Th01"); t.start()     Joining t({.name = "Th01"}, f); t.start();
//   t.join(1); t.is_alive()                          if (!t.join_for(1s)) ...
// There join() may be called twice, a handle that nobody keeps joins nothing, since the interpreter knows every thread
// and waits at its end; and daemons are stopped in the middle of whatever they do, a half-written line included. Here
// the handle waits, and DaemonRegistry asks. What the global interpreter lock hides: an object lives as long as a
// thread refers to it. In C++ a thread that outlives the frame which it refers to reads whatever lies there by then.
//
// Example
//   racecourse::thread::DaemonRegistry program;
//   auto log_until = [](std::stop_token stop) { while (!stop.stop_requested()) log(); };
//   program.start({.name = "logger", .daemon = true}, log_until);
//   program.start({.name = "writer"}, [](std::stop_token) { read_input_until_q(); });
//   // ends with the writer; the logger finishes its line first
//
// Variants                                                  differs from        fault
//   joining.h                   Joining
//   daemon_registry.h           DaemonRegistry
//   forgotten_join.h            ForgottenJoin              joining.h           its destructor does not wait
//   join_self.h                 JoinSelf                   joining.h           waits for its own end
//   double_join.h               DoubleJoin                 joining.h           waits again for what was joined
//   uses_stack_of_dead_frame.h  UsesStackOfDeadFrame       joining.h           lets go instead of waiting
//   join_daemon_forever.h       JoinDaemonForever          daemon_registry.h   nobody tells the daemons to stop
//   daemon_cut_off_mid_write.h  DaemonCutOffMidWrite       daemon_registry.h   nobody waits for them to finish
#pragma once

#include <string>

namespace racecourse::thread {

struct Options {
  std::string name = "";
  bool daemon = false;
};

// What can be said of a thread to others than its owner.
struct Info {
  std::string name;
  bool daemon = false;
  bool operator==(const Info&) const = default;
};

}  // namespace racecourse::thread
