// Relacy, contained. Include this and never <relacy/relacy.hpp>: that header also defines about a hundred macros
// (new, delete, malloc, assert, errno, memory_order_acquire, pthread_create, CreateThread, ...). Its parts, which are
// all that a suite needs, define RL_* and the few that are taken back below.
//
// Relacy replaces the global operator new, so a program that includes this holds Relacy suites and nothing else.
#pragma once

// Everything that Relacy includes, and what its users include after it: once parsed, out of reach of its macros.
#include <algorithm>
#include <atomic>
#include <cassert>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <csetjmp>
#include <functional>
#include <iostream>
#include <map>
#include <mutex>
#include <queue>
#include <set>
#include <sstream>
#include <stack>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

// The order matters: each of these leans on the ones before it.
// clang-format off
#include <relacy/base.hpp>
#include <relacy/context.hpp>
#include <relacy/context_base_impl.hpp>
#include <relacy/backoff.hpp>
#include <relacy/atomic_fence.hpp>
#include <relacy/atomic.hpp>
#include <relacy/var.hpp>
#include <relacy/thread_local.hpp>
#include <relacy/test_suite.hpp>
#include <relacy/stdlib/mutex.hpp>
#include <relacy/stdlib/condition_variable.hpp>
#include <relacy/stdlib/semaphore.hpp>
#include <relacy/stdlib/event.hpp>
// clang-format on

#undef $  // write RL_INFO, or nothing: the alias header (primitives/sync/sync.h) finds the place by itself
#undef TlsAlloc
#undef TlsFree
#undef TlsGetValue
#undef TlsSetValue
