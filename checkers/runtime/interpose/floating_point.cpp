// Functions that change how the calling thread, and no other, computes.
#include <fenv.h>
#include <racecourse/checkers/runtime/floating_point.h>
#include <racecourse/checkers/runtime/interpose/call.h>

#define RC_FLOATING_POINT(interpose, function, parameters, arguments) \
  RC_DECLARE_ORIGINAL(function)                                       \
  interpose int function parameters noexcept {                        \
    ::racecourse::runtime::part_floating_point();                     \
    return RC_ORIGINAL(function) arguments;                           \
  }

RC_FLOATING_POINT(RC_INTERPOSE, fesetround, (int rounding), (rounding))
RC_FLOATING_POINT(RC_INTERPOSE, fesetenv, (const fenv_t* environment), (environment))
RC_FLOATING_POINT(RC_INTERPOSE, feupdateenv, (const fenv_t* environment), (environment))
RC_FLOATING_POINT(RC_INTERPOSE, feholdexcept, (fenv_t * environment), (environment))
RC_FLOATING_POINT(RC_INTERPOSE, feclearexcept, (int exceptions), (exceptions))
RC_FLOATING_POINT(RC_INTERPOSE, feraiseexcept, (int exceptions), (exceptions))
RC_FLOATING_POINT(RC_INTERPOSE, fesetexceptflag, (const fexcept_t* flag, int exceptions), (flag, exceptions))
RC_FLOATING_POINT(RC_INTERPOSE_UNRESERVED, fesetexcept, (int exceptions), (exceptions))
RC_FLOATING_POINT(RC_INTERPOSE_UNRESERVED, fesetmode, (const femode_t* mode), (mode))
RC_FLOATING_POINT(RC_INTERPOSE_UNRESERVED, feenableexcept, (int exceptions), (exceptions))
RC_FLOATING_POINT(RC_INTERPOSE_UNRESERVED, fedisableexcept, (int exceptions), (exceptions))
