// RACECOURSE_OWN_MEMORY(F): F(result, name, parameters, arguments) for every function of own_memory.h but bcmp and
// those with variable arguments. One list for the two places that define them: the explore link, where the C library's
// own must be asked for by name, and every other link, where the name says enough.
#pragma once

#include <cstdarg>
#include <cstddef>

#define RACECOURSE_OWN_MEMORY(F)                                                                \
  F(void*, memcpy, (void* to, const void* from, std::size_t size), (to, from, size))            \
  F(void*, memmove, (void* to, const void* from, std::size_t size), (to, from, size))           \
  F(void*, memset, (void* to, int value, std::size_t size), (to, value, size))                  \
  F(int, memcmp, (const void* left, const void* right, std::size_t size), (left, right, size))  \
  F(void*, memchr, (const void* in, int value, std::size_t size), (in, value, size))            \
  F(std::size_t, strlen, (const char* text), (text))                                            \
  F(std::size_t, strnlen, (const char* text, std::size_t most), (text, most))                   \
  F(char*, strcpy, (char* to, const char* from), (to, from))                                    \
  F(char*, stpcpy, (char* to, const char* from), (to, from))                                    \
  F(char*, strncpy, (char* to, const char* from, std::size_t size), (to, from, size))           \
  F(char*, strcat, (char* to, const char* from), (to, from))                                    \
  F(char*, strncat, (char* to, const char* from, std::size_t most), (to, from, most))           \
  F(int, strcmp, (const char* left, const char* right), (left, right))                          \
  F(int, strncmp, (const char* left, const char* right, std::size_t most), (left, right, most)) \
  F(char*, strchr, (const char* in, int value), (in, value))                                    \
  F(char*, strrchr, (const char* in, int value), (in, value))                                   \
  F(char*, strstr, (const char* in, const char* text), (in, text))                              \
  F(std::size_t, wcslen, (const wchar_t* text), (text))                                         \
  F(int, vsnprintf, (char* to, std::size_t size, const char* format, va_list arguments), (to, size, format, arguments))
