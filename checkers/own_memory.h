// Included before everything else in each file of the library that runs beside controlled threads.
//
// In the explore link a program's memcpy(), strlen() and the like are checked (runtime/interpose/memory.cpp), by
// --wrap, which knows no difference between the program and us. What we do ourselves is no access of the program. So
// our calls, and those that the compiler makes of our assignments and initialisers, go by names of our own.
#pragma once

#ifndef RACECOURSE_PLAIN_MEMORY_NAMES  // own_memory.cpp, which gives our names a meaning
// NOLINTBEGIN(misc-definitions-in-headers)
asm(R"(
  memcpy = racecourse_memcpy
  memmove = racecourse_memmove
  memset = racecourse_memset
  memcmp = racecourse_memcmp
  bcmp = racecourse_memcmp
  memchr = racecourse_memchr
  strlen = racecourse_strlen
  strnlen = racecourse_strnlen
  strcpy = racecourse_strcpy
  stpcpy = racecourse_stpcpy
  strncpy = racecourse_strncpy
  strcat = racecourse_strcat
  strncat = racecourse_strncat
  strcmp = racecourse_strcmp
  strncmp = racecourse_strncmp
  strchr = racecourse_strchr
  strrchr = racecourse_strrchr
  strstr = racecourse_strstr
  wcslen = racecourse_wcslen
  snprintf = racecourse_snprintf
  vsnprintf = racecourse_vsnprintf
)");
// NOLINTEND(misc-definitions-in-headers)
#endif
