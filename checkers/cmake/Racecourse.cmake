# racecourse_add_test(name
#   SOURCES   file...            # GoogleTest sources, compiled once with -fsanitize=thread -g -O1
#   LIBRARIES target...          # linked as they are; header-only ones are instrumented with the sources
#   INCLUDES  directory...
#   OPTIONS   flag...            # more compiler options; the last -O wins
#   CHECKERS  explore|tsan...    # default: both
#   LABEL     label              # CTest label instead of the checker's name, as in `property` or `nightly`
#   WORKERS   number             # processes that share a search, default 1: ctest -j runs tests side by side; 0: as many
#                                # as there are processors
#   TIMEOUT   seconds)           # of one TEST, default 300
#
# Makes, from the same objects:
#   name.explore   our runtime: every thread controlled, the schedules searched
#   name.tsan      the compiler's ThreadSanitizer: real threads, repeated
# and one CTest entry per TEST and checker, "name.explore/Suite.Test", labelled `explore` or `tsan`. The tests are asked
# for when ctest starts, not while building: a sanitizer that cannot start must not break the build.
#
# Code in a LIBRARIES target that was compiled without -fsanitize=thread runs, but what it does to shared memory is not
# seen: add its sources to SOURCES where that matters.
include_guard(GLOBAL)
include(GoogleTest)

set(RACECOURSE_OPTIMIZATION "-O1" CACHE STRING "Optimisation level of instrumented code")

# Stops with one sentence if the whole build is already instrumented: name.explore must be linked without a sanitizer,
# and the runtime itself must not be instrumented.
function(racecourse_refuse_global_sanitizer caller)
  string(TOUPPER "${CMAKE_BUILD_TYPE}" config)
  get_directory_property(directory_compile COMPILE_OPTIONS)
  get_directory_property(directory_link LINK_OPTIONS)
  foreach(place CMAKE_CXX_FLAGS CMAKE_CXX_FLAGS_${config} CMAKE_EXE_LINKER_FLAGS CMAKE_EXE_LINKER_FLAGS_${config}
                directory_compile directory_link)
    if("${${place}}" MATCHES "-fsanitize=([a-z,]*(thread|address|memory|leak)[a-z,]*)")
      set(found "-fsanitize=${CMAKE_MATCH_1}")
      string(REPLACE "directory_compile" "add_compile_options()" where "${place}")
      string(REPLACE "directory_link" "add_link_options()" where "${where}")
      message(FATAL_ERROR "${caller}: ${found} is set for the whole build, in ${where}. Remove it there: Racecourse "
                          "instruments the test's own objects and links the .explore program without a sanitizer.")
    elseif("${${place}}" MATCHES "-flto|-static( |;|$)")
      message(FATAL_ERROR "${caller}: \"${CMAKE_MATCH_0}\" in ${place} is not supported: Racecourse replaces functions "
                          "of the C library at link time.")
    endif()
  endforeach()
  if(CMAKE_INTERPROCEDURAL_OPTIMIZATION)
    message(FATAL_ERROR "${caller}: CMAKE_INTERPROCEDURAL_OPTIMIZATION is not supported: Racecourse replaces functions "
                        "of the C library at link time.")
  endif()
endfunction()

# An object library of instrumented code, for both links.
function(racecourse_add_objects name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES;INCLUDES;OPTIONS")
  racecourse_refuse_global_sanitizer("racecourse_add_objects(${name})")
  add_library(${name} OBJECT ${arg_SOURCES})
  target_link_libraries(${name} PUBLIC racecourse::headers ${arg_LIBRARIES})
  target_include_directories(${name} PRIVATE ${arg_INCLUDES})
  # -UNDEBUG: an assert() is a judge. g++ warns that TSan does not model fences; ours does. It makes loads and stores of a
  # memcpy of known size, and of functions on known strings, after it has instrumented the loads and stores (what it
  # makes of strlen is a number or a call, and some programs rely on the number).
  set(calls memcpy memmove memset memcmp strcpy stpcpy strncpy strcat strncat strcmp strncmp sprintf snprintf
            mempcpy bzero bcopy)
  list(TRANSFORM calls PREPEND "-fno-builtin-")
  target_compile_options(${name} PRIVATE -fsanitize=thread -g ${RACECOURSE_OPTIMIZATION} -UNDEBUG
                                         "$<$<CXX_COMPILER_ID:GNU>:-Wno-tsan;${calls}>" ${arg_OPTIONS})
endfunction()

# The program `name` from instrumented objects, in the link of `checker`.
function(racecourse_add_program name checker)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "OBJECTS;LIBRARIES")
  add_executable(${name})
  # A program made of objects alone must be told its language.
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE CXX)
  target_link_libraries(${name} PRIVATE ${arg_OBJECTS} racecourse::${checker} ${arg_LIBRARIES})
endfunction()

function(racecourse_add_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "LABEL;WORKERS;TIMEOUT" "SOURCES;LIBRARIES;INCLUDES;OPTIONS;CHECKERS")
  if(NOT arg_SOURCES)
    message(FATAL_ERROR "racecourse_add_test(${name}): SOURCES is missing.")
  endif()
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "racecourse_add_test(${name}): unknown argument \"${arg_UNPARSED_ARGUMENTS}\".")
  endif()
  if(NOT arg_CHECKERS)
    set(arg_CHECKERS explore tsan)
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()

  if(NOT DEFINED arg_WORKERS)
    set(arg_WORKERS 1)
  endif()

  # Once more: a project that adds this one as a subdirectory does not see the module's variables.
  include(GoogleTest)
  racecourse_refuse_global_sanitizer("racecourse_add_test(${name})")
  racecourse_add_objects(
    ${name}.objects
    SOURCES ${arg_SOURCES}
    LIBRARIES GTest::gtest ${arg_LIBRARIES}
    INCLUDES ${arg_INCLUDES}
    OPTIONS ${arg_OPTIONS})

  foreach(checker IN LISTS arg_CHECKERS)
    if(NOT checker MATCHES "^(explore|tsan)$")
      message(FATAL_ERROR "racecourse_add_test(${name}): CHECKERS holds \"${checker}\"; it can be explore or tsan.")
    endif()
    set(program ${name}.${checker})
    racecourse_add_program(${program} ${checker} OBJECTS ${name}.objects LIBRARIES racecourse::googletest
                                                                                   GTest::gtest_main)
    set(label ${checker})
    if(arg_LABEL)
      set(label ${arg_LABEL})
    endif()
    gtest_discover_tests(
      ${program}
      TEST_PREFIX "${RACECOURSE_TEST_PREFIX}${program}/"
      DISCOVERY_MODE PRE_TEST
      DISCOVERY_TIMEOUT 120
      PROPERTIES LABELS "${label}" TIMEOUT ${arg_TIMEOUT} ENVIRONMENT "RACECOURSE_WORKERS=${arg_WORKERS}")
  endforeach()
endfunction()
