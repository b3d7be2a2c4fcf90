// Where nothing is wrapped, our names for the C library's functions are just that.
#include <racecourse/checkers/own_memory_functions.h>

#define RACECOURSE_DEFINE(result, name, parameters, arguments)        \
  extern "C" result racecourse_original_##name parameters asm(#name); \
  extern "C" result racecourse_##name parameters { return racecourse_original_##name arguments; }

RACECOURSE_OWN_MEMORY(RACECOURSE_DEFINE)
