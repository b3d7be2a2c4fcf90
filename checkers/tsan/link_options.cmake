# Sets RACECOURSE_TSAN_LINK_OPTIONS: what a program of the tsan link must be linked with, so that its atomic operations
# pass through interpose_atomic.cpp, and the ends of its exceptions through interpose_exception.cpp.
set(RACECOURSE_TSAN_LINK_OPTIONS
    -fsanitize=thread -Wl,--wrap=syscall -Wl,--wrap=__cxa_end_catch
    -Wl,--wrap=_ZNSt15__exception_ptr13exception_ptr10_M_releaseEv)
foreach(bits 8 16 32 64 128)
  foreach(operation load store exchange fetch_add fetch_sub fetch_and fetch_or fetch_xor fetch_nand
                    compare_exchange_strong compare_exchange_weak compare_exchange_val)
    list(APPEND RACECOURSE_TSAN_LINK_OPTIONS -Wl,--wrap=__tsan_atomic${bits}_${operation})
  endforeach()
endforeach()
