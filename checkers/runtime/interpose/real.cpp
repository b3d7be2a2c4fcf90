// The C library's definitions of what we interpose.
#include <racecourse/checkers/runtime/interpose/call.h>

#include <dlfcn.h>

extern "C" {
extern racecourse::runtime::RealFunction __start_racecourse_real[];
extern racecourse::runtime::RealFunction __stop_racecourse_real[];
}

namespace racecourse::runtime {

void* look_up(RealFunction& function) {
  if (function.address == nullptr) function.address = dlsym(RTLD_NEXT, function.name);
  return function.address;
}

void missing_function(const char* name) {
  refuse("the C library has no function '%s'; is it linked statically? That is not supported", name);
}

namespace {

[[gnu::constructor(101)]] void look_up_all() {
  for (RealFunction* function = __start_racecourse_real; function != __stop_racecourse_real; ++function)
    look_up(*function);
}

}  // namespace

}  // namespace racecourse::runtime
