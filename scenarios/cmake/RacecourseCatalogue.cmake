# racecourse_add_catalogue(name
#   SOURCES    file...           # scenarios; default: every .cpp below scenarios/, new ones without an edit here
#   LIBRARIES  target...         # SOURCES, LIBRARIES, INCLUDES, OPTIONS: as of racecourse_add_test()
#   INCLUDES   directory...
#   OPTIONS    flag...
#   PROPERTIES file...           # RapidCheck properties and proofs of the variants, for the explore link
#   RELACY     file...           # suites written with Relacy's types
#   THOROUGH)                    # more seeds and executions a test, and nightly tests
#
# Makes in the build folder of the project
#   name            the racecourse command for these scenarios: `build/name list`, `run`, `matrix`, `replay`
#   name-explore    the program that it starts for each checker
#   name-tsan
#   name-relacy     if there are RELACY sources
# and one CTest entry per variant and checker, "name.scenario/variant.checker", labelled with the checker's name. The
# catalogue is asked for when ctest starts, not while building.
include_guard(GLOBAL)

# The programs of a catalogue, one a link.
function(racecourse_add_catalogue_programs name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES;INCLUDES;OPTIONS;PROPERTIES;RELACY")
  # Instrumented once, linked twice.
  racecourse_add_objects(
    ${name}.scenarios
    SOURCES ${arg_SOURCES}
    LIBRARIES ${arg_LIBRARIES}
    INCLUDES ${arg_INCLUDES}
    OPTIONS ${arg_OPTIONS})
  # Schedules and workloads as properties, in the explore link only.
  set(properties racecourse::property)
  if(arg_PROPERTIES)
    racecourse_add_objects(
      ${name}.properties
      SOURCES ${arg_PROPERTIES}
      LIBRARIES rapidcheck ${arg_LIBRARIES}
      INCLUDES ${arg_INCLUDES}
      OPTIONS ${arg_OPTIONS})
    list(APPEND properties ${name}.properties)
  endif()
  set(runner racecourse::catalogue_bodies racecourse::catalogue_runner racecourse::catalogue_common)
  racecourse_add_program(${name}-explore explore OBJECTS ${name}.scenarios ${runner} ${properties}
                                                         racecourse::catalogue_explore_main)
  racecourse_add_program(${name}-tsan tsan OBJECTS ${name}.scenarios ${runner} racecourse::catalogue_tsan_main)
  set(programs ${name}-explore ${name}-tsan)

  # Relacy compiles with its own types, so these have their own copies of the bodies.
  if(arg_RELACY)
    add_executable(${name}-relacy ${arg_RELACY})
    target_link_libraries(${name}-relacy PRIVATE racecourse::relacy racecourse::catalogue_relacy_main
                                                 racecourse::catalogue_runner racecourse::catalogue_common)
    target_include_directories(${name}-relacy PRIVATE ${arg_INCLUDES})
    list(APPEND programs ${name}-relacy)
  endif()
  set_target_properties(${programs} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}")
endfunction()

# The CTest entries of a catalogue whose command is `${PROJECT_BINARY_DIR}/name`.
function(racecourse_add_catalogue_tests name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "THOROUGH" "" "")
  set(catalogue "${name}")
  set(program "${PROJECT_BINARY_DIR}/${name}")
  set(thorough "${arg_THOROUGH}")
  set(tests "${CMAKE_CURRENT_BINARY_DIR}/${name}_tests.cmake")
  configure_file("${CMAKE_CURRENT_FUNCTION_LIST_DIR}/catalogue_tests.cmake.in" "${tests}" @ONLY)
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES "${tests}")
endfunction()

function(racecourse_add_catalogue name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "THOROUGH" "" "SOURCES;LIBRARIES;INCLUDES;OPTIONS;PROPERTIES;RELACY")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "racecourse_add_catalogue(${name}): unknown argument \"${arg_UNPARSED_ARGUMENTS}\".")
  endif()
  if(NOT arg_SOURCES)
    file(GLOB_RECURSE arg_SOURCES CONFIGURE_DEPENDS scenarios/*.cpp)
  endif()
  if(NOT arg_SOURCES)
    message(FATAL_ERROR "racecourse_add_catalogue(${name}): there are no SOURCES, and no .cpp file is below "
                        "${CMAKE_CURRENT_SOURCE_DIR}/scenarios; `racecourse new NAME` makes the first one.")
  endif()
  foreach(needed catalogue_explore_main command)
    if(NOT TARGET racecourse::${needed})
      message(FATAL_ERROR "racecourse_add_catalogue(${name}): Racecourse was configured without CLI11 or RapidCheck "
                          "(Debian: libcli11-dev, librapidcheck-dev), which a catalogue needs.")
    endif()
  endforeach()
  if(arg_RELACY AND NOT TARGET Relacy::Relacy)
    message(FATAL_ERROR "racecourse_add_catalogue(${name}): RELACY needs Relacy (Debian: relacy-dev).")
  endif()

  racecourse_add_catalogue_programs(
    ${name}
    SOURCES ${arg_SOURCES}
    LIBRARIES ${arg_LIBRARIES}
    INCLUDES ${arg_INCLUDES}
    OPTIONS ${arg_OPTIONS}
    PROPERTIES ${arg_PROPERTIES}
    RELACY ${arg_RELACY})
  # The command runs the programs that are called like itself and stand beside the name that it was started by.
  add_custom_command(
    TARGET ${name}-explore
    POST_BUILD
    COMMAND ${CMAKE_COMMAND} -E create_symlink "$<TARGET_FILE:racecourse::command>" "${PROJECT_BINARY_DIR}/${name}")
  add_dependencies(${name}-explore racecourse::command)
  set(thorough "")
  if(arg_THOROUGH)
    set(thorough THOROUGH)
  endif()
  racecourse_add_catalogue_tests(${name} ${thorough})
endfunction()
