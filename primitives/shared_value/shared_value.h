// Shared value: one value, or one array, that several processes change.
//
// Operations
//   get()        a copy of what it was at one moment during the call
//   set(x)       makes it x
//   update(f)    f(T&) changes it: reading, computing and writing are one step. Returns the new value.
// An array is a value too: ProcessShared<std::array<int, 10>>. A struct keeps together what must change together. The
// object is a handle. A copy is another handle on the same value, and so is what a forked child finds in its memory.
//
// Invariants (the code cites them by number)
//   V1  No update is lost: n updates by +1, in whatever processes, add n.
//   V2  Never half changed: get() and update() see what one set() or update() left, of an array all elements.
//   V3  All of this holds whichever process dies, and wherever. An update cut short, by a death or by an exception of
//   f,
//       has not happened.
//   V4  Progress: no process waits for ever, unless an update runs for ever.
//
// Errors: what f throws leaves update(), and nothing has changed. f must not use the same value again: `ProcessShared`
// would wait for its own lock. No memory: std::bad_alloc. T must be trivially copyable, because another process cannot
// follow a pointer into this one's memory. LockFree<T> compiles only where the processor changes a whole T at once.
//
// Ordering promise: everything before one operation on a value in one process happens-before the next operation on it
// in another, as between threads under one mutex, for memory that both share.
//
// Misuse
//   - value.set(value.get() + 1): two steps, and another process fits between (locks_each_access.h); use update()
//   - two values that must change together: put both in one struct
//   - making it after the fork: each process then has a value of its own
//   - a long computation in update(): the others wait for it (`ProcessShared`), or it is done again (`LockFree`)
//
// Python: multiprocessing.Value and Array.
//   with n.get_lock(): n.value += 100                n.update([](double& x) { x += 100; });
//   arr = Array('i', range(10)); arr[:]              ProcessShared<std::array<int, 10>> arr(...); arr.get();
// There Value and Array come with a lock that each single access takes, so n.value += 100 without the with-block is
// locked twice and loses updates. A process that is killed inside the with-block keeps the lock, and with lock=False
// there is none. What the global interpreter lock hides: nothing here; each process has one of its own. In threads it
// makes the same lost update rare, in processes it is common.
//
// Example
//   racecourse::shared_value::ProcessShared<double> n(0.0);
//   racecourse::process::Child first([&] { n.update([](double& x) { x += 100; }); });
//   racecourse::process::Child second([&] { n.update([](double& x) { x += 200; }); });
//   first.join(), second.join();                     // n.get() == 300
//
// How it is checked: the search runs it with threads that stand for the processes, each with a handle of its own; real
// processes, killed ones among them, run it under ThreadSanitizer and in the tests. ThreadSanitizer watches one process
// at a time and sees no data race between two: there the wrong sum is what shows.
//
// Variants                                                   differs from        fault
//   process_shared.h              ProcessShared
//   lock_free.h                   LockFree
//   unlocked_read_modify_write.h  UnlockedReadModifyWrite    process_shared.h    an update takes no lock
//   locks_each_access.h           LocksEachAccess            process_shared.h    reading and writing are locked apart
#pragma once

#include <type_traits>

namespace racecourse::shared_value {

template <class T>
concept Shareable = std::is_trivially_copyable_v<T>;

}  // namespace racecourse::shared_value
