// Calls that the C library does in threads of its own, which nobody can schedule: refused.
#include <aio.h>
#include <netdb.h>
#include <racecourse/checkers/runtime/interpose/call.h>

using namespace racecourse;
using namespace racecourse::runtime;

#define RC_REFUSE_THREADS(function, parameters, arguments, specifier, instead)                              \
  RC_DECLARE_ORIGINAL(function)                                                                             \
  RC_INTERPOSE_UNRESERVED int function parameters specifier {                                               \
    if (!rt.executing) return RC_ORIGINAL(function) arguments;                                              \
    fail(Kind::nondeterminism, RC_CALLER, nullptr,                                                          \
         "T%u calls " #function                                                                             \
         "(): the C library would do it in a thread of its own, beyond the search's control; call " instead \
         " in a thread of the program's own instead",                                                       \
         self().id);                                                                                        \
  }

RC_REFUSE_THREADS(aio_read, (aiocb * request), (request), noexcept, "pread()")
RC_REFUSE_THREADS(aio_read64, (aiocb64 * request), (request), noexcept, "pread()")
RC_REFUSE_THREADS(aio_write, (aiocb * request), (request), noexcept, "pwrite()")
RC_REFUSE_THREADS(aio_write64, (aiocb64 * request), (request), noexcept, "pwrite()")
RC_REFUSE_THREADS(aio_fsync, (int operation, aiocb* request), (operation, request), noexcept, "fsync()")
RC_REFUSE_THREADS(aio_fsync64, (int operation, aiocb64* request), (operation, request), noexcept, "fsync()")
RC_REFUSE_THREADS(lio_listio, (int mode, aiocb* const* requests, int count, sigevent* event),
                  (mode, requests, count, event), noexcept, "pread() or pwrite()")
RC_REFUSE_THREADS(lio_listio64, (int mode, aiocb64* const* requests, int count, sigevent* event),
                  (mode, requests, count, event), noexcept, "pread() or pwrite()")
RC_REFUSE_THREADS(getaddrinfo_a, (int mode, gaicb** requests, int count, sigevent* event),
                  (mode, requests, count, event), , "getaddrinfo()")
