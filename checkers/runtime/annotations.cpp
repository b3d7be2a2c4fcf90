// What ThreadSanitizer lets a program say of code that it cannot see: <sanitizer/tsan_interface.h> and the "dynamic
// annotations" that older programs declare for themselves. Programs that use them work here unmodified.
//
// Weak, as in ThreadSanitizer's own library: a program may bring empty definitions of them.
#include <racecourse/checkers/detect/excuse.h>
#include <racecourse/checkers/runtime/annotated_lock.h>
#include <racecourse/checkers/runtime/runtime.h>

#include <cstdio>

#define RC_ANNOTATION extern "C" __attribute__((visibility("default"), weak))

using namespace racecourse;
using runtime::controlled;

namespace {

// An exhaustive search knows of the order, and not that it comes from an operation that might come earlier or later.
void orders_unseen() {
  if (RC_UNLIKELY(runtime::rt.recording))
    runtime::rt.strategy->proves_nothing("code that is only annotated orders threads");
}

void happens_before(const volatile void* object) {
  if (!controlled()) return;
  orders_unseen();
  runtime::release(const_cast<const void*>(object));
}

void happens_after(const volatile void* object) {
  if (!controlled()) return;
  orders_unseen();
  runtime::acquire(const_cast<const void*>(object));
}

void begin_ignoring(detect::Cell which) {
  if (controlled()) detect::begin_ignoring(which);
}

void end_ignoring(detect::Cell which) {
  if (controlled()) detect::end_ignoring(which);
}

void expect_races(const volatile void* memory, std::size_t size) {
  if (controlled()) detect::expect_races(reinterpret_cast<std::uint64_t>(memory), size);
}

}  // namespace

// NOLINTBEGIN(bugprone-reserved-identifier): ThreadSanitizer's names

RC_ANNOTATION void __tsan_acquire(void* object) { happens_after(object); }
RC_ANNOTATION void __tsan_release(void* object) { happens_before(object); }

// A logical access to an object of a library that is not instrumented.
extern "C" void __tsan_read1_pc(void* address, void* pc);
extern "C" void __tsan_write1_pc(void* address, void* pc);
RC_ANNOTATION void* __tsan_external_register_tag(const char*) { return &runtime::rt; }
RC_ANNOTATION void __tsan_external_register_header(void*, const char*) {}
RC_ANNOTATION void __tsan_external_assign_tag(void*, void*) {}
RC_ANNOTATION void __tsan_external_read(void* address, void* pc, void*) { __tsan_read1_pc(address, pc); }
RC_ANNOTATION void __tsan_external_write(void* address, void* pc, void*) { __tsan_write1_pc(address, pc); }

// Stacks that a program switches by itself belong to the thread that runs them.
RC_ANNOTATION void* __tsan_get_current_fiber() { return runtime::rt.current; }
RC_ANNOTATION void* __tsan_create_fiber(unsigned) { return &runtime::rt; }
RC_ANNOTATION void __tsan_destroy_fiber(void*) {}
RC_ANNOTATION void __tsan_switch_to_fiber(void*, unsigned) {}
RC_ANNOTATION void __tsan_set_fiber_name(void*, const char*) {}
RC_ANNOTATION void __tsan_flush_memory() {}

// What follows is told the line it stands in.
#define RC_DYNAMIC(name, ...) RC_ANNOTATION void name(const char*, int __VA_OPT__(, ) __VA_ARGS__)

RC_DYNAMIC(AnnotateHappensBefore, const volatile void* object) { happens_before(object); }
RC_DYNAMIC(AnnotateHappensAfter, const volatile void* object) { happens_after(object); }
RC_DYNAMIC(WTFAnnotateHappensBefore, const volatile void* object) { happens_before(object); }
RC_DYNAMIC(WTFAnnotateHappensAfter, const volatile void* object) { happens_after(object); }

RC_DYNAMIC(AnnotateIgnoreReadsBegin) { begin_ignoring(detect::kIgnoresReads); }
RC_DYNAMIC(AnnotateIgnoreReadsEnd) { end_ignoring(detect::kIgnoresReads); }
RC_DYNAMIC(AnnotateIgnoreWritesBegin) { begin_ignoring(detect::kIgnoresWrites); }
RC_DYNAMIC(AnnotateIgnoreWritesEnd) { end_ignoring(detect::kIgnoresWrites); }

RC_DYNAMIC(AnnotateBenignRace, const volatile void* memory, const char*) { expect_races(memory, 1); }
RC_DYNAMIC(AnnotateBenignRaceSized, const volatile void* memory, std::size_t size, const char*) {
  expect_races(memory, size);
}
RC_DYNAMIC(WTFAnnotateBenignRaceSized, const volatile void* memory, std::size_t size, const char*) {
  expect_races(memory, size);
}

RC_DYNAMIC(AnnotateRWLockCreate, const volatile void* lock) { runtime::create_annotated(lock); }
RC_DYNAMIC(AnnotateRWLockCreateStatic, const volatile void* lock) { runtime::create_annotated(lock); }
RC_DYNAMIC(AnnotateRWLockDestroy, const volatile void* lock) { runtime::destroy_annotated(lock, true, RC_CALLER); }
RC_DYNAMIC(AnnotateRWLockAcquired, const volatile void* lock, long is_writer) {
  runtime::have_annotated(lock, is_writer == 0, 1, RC_CALLER);
}
RC_DYNAMIC(AnnotateRWLockReleased, const volatile void* lock, long is_writer) {
  runtime::leave_annotated(lock, is_writer == 0, false, RC_CALLER);
  runtime::left_annotated(lock, is_writer == 0);
}

// Memory that an allocator of the program hands out again.
RC_DYNAMIC(AnnotateNewMemory, const volatile void* memory, std::size_t size) {
  if (!controlled()) return;
  runtime::forget_sync(const_cast<const void*>(memory), size);
  runtime::mark_written(const_cast<const void*>(memory), size);
}

RC_DYNAMIC(AnnotateThreadName, const char* name) {
  if (controlled()) std::snprintf(runtime::self().name, sizeof runtime::self().name, "%s", name);
}

// These have nothing to say to a detector that goes by happens-before, here as there.
RC_DYNAMIC(AnnotateIgnoreSyncBegin) {}
RC_DYNAMIC(AnnotateIgnoreSyncEnd) {}
RC_DYNAMIC(AnnotateCondVarSignal, const volatile void*) {}
RC_DYNAMIC(AnnotateCondVarSignalAll, const volatile void*) {}
RC_DYNAMIC(AnnotateCondVarWait, const volatile void*, const volatile void*) {}
RC_DYNAMIC(AnnotateMutexIsNotPHB, const volatile void*) {}
RC_DYNAMIC(AnnotateMutexIsUsedAsCondVar, const volatile void*) {}
RC_DYNAMIC(AnnotatePCQCreate, const volatile void*) {}
RC_DYNAMIC(AnnotatePCQDestroy, const volatile void*) {}
RC_DYNAMIC(AnnotatePCQPut, const volatile void*) {}
RC_DYNAMIC(AnnotatePCQGet, const volatile void*) {}
RC_DYNAMIC(AnnotatePublishMemoryRange, const volatile void*, std::size_t) {}
RC_DYNAMIC(AnnotateUnpublishMemoryRange, const volatile void*, std::size_t) {}
RC_DYNAMIC(AnnotateExpectRace, const volatile void*, const char*) {}
RC_DYNAMIC(AnnotateFlushExpectedRaces) {}
RC_DYNAMIC(AnnotateFlushState) {}
RC_DYNAMIC(AnnotateTraceMemory, const volatile void*) {}
RC_DYNAMIC(AnnotateEnableRaceDetection, int) {}
RC_DYNAMIC(AnnotateMemoryIsInitialized, const volatile void*, std::size_t) {}
RC_DYNAMIC(AnnotateMemoryIsUninitialized, const volatile void*, std::size_t) {}
RC_DYNAMIC(AnnotateNoOp, const volatile void*) {}

RC_ANNOTATION int RunningOnValgrind() { return 0; }
RC_ANNOTATION double ValgrindSlowdown() { return 10; }
RC_ANNOTATION const char* ThreadSanitizerQuery(const char*) { return "1"; }

// NOLINTEND(bugprone-reserved-identifier)
