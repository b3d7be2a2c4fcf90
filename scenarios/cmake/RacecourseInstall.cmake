# What `cmake --install build --prefix P` copies to P, which can be moved afterwards:
#   bin/racecourse            the command
#   bin/racecourse-c++, -cc   the compiler, for whole programs
#   libexec/racecourse/       the programs of our catalogue, which it starts where there is no other
#   include/racecourse/       the headers by the names they have here: <racecourse/checkers/explore.h>
#   lib/racecourse/           the runtime, as objects: see checkers/CMakeLists.txt
#   lib/cmake/racecourse/     find_package(racecourse)
#   share/racecourse/         the code of the scenarios, what `racecourse new` begins with, and the licence
# The folders have these names everywhere, because the command finds the others from its own.
include(CMakePackageConfigHelpers)

get_property(exported GLOBAL PROPERTY RACECOURSE_EXPORTED)
# All that is copied, for `cmake --build build --target installable`; not all of it is needed by what else is built.
set(built ${exported} racecourse-explore racecourse-tsan racecourse-relacy racecourse-measure)
list(REMOVE_ITEM built racecourse_headers)
list(APPEND built racecourse_wrappers)
add_custom_target(installable ALL DEPENDS ${built})

set(package lib/cmake/racecourse)
install(
  TARGETS ${exported}
  EXPORT racecourse
  RUNTIME DESTINATION bin
  ARCHIVE DESTINATION lib/racecourse
  OBJECTS DESTINATION lib/racecourse)
install(PROGRAMS "${PROJECT_BINARY_DIR}/racecourse-c++" "${PROJECT_BINARY_DIR}/racecourse-cc" DESTINATION bin)
install(FILES "${PROJECT_BINARY_DIR}/checkers/racecourse-program.o" DESTINATION lib/racecourse)
install(TARGETS racecourse-explore racecourse-tsan racecourse-relacy racecourse-measure RUNTIME DESTINATION libexec/racecourse)
install(
  EXPORT racecourse
  FILE racecourse-targets.cmake
  NAMESPACE racecourse::
  DESTINATION ${package})

foreach(folder checkers primitives scenarios)
  install(
    DIRECTORY "${PROJECT_SOURCE_DIR}/${folder}"
    DESTINATION include/racecourse
    FILES_MATCHING
    PATTERN "*.h"
    # The insides.
    PATTERN "detect" EXCLUDE
    PATTERN "runtime/interpose" EXCLUDE
    PATTERN "tsan" EXCLUDE
    PATTERN "report" EXCLUDE
    PATTERN "cmake" EXCLUDE
    PATTERN "scenarios/racecourse" EXCLUDE)
endforeach()
# The checks and tests of the lab's exercises, which `racecourse lab` reads: sources, found like the headers.
install(
  DIRECTORY "${PROJECT_SOURCE_DIR}/scenarios/lab/checks" "${PROJECT_SOURCE_DIR}/scenarios/lab/tests"
  DESTINATION include/racecourse/scenarios/lab
  FILES_MATCHING
  PATTERN "*.cpp")
# The code of the scenarios, for `show` and `explain`; that of the primitives is in their headers.
file(GLOB scenario_files CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/scenarios/*/*.cpp"
     "${PROJECT_SOURCE_DIR}/scenarios/*/*.h")
foreach(file IN LISTS scenario_files)
  get_filename_component(folder "${file}" DIRECTORY)
  get_filename_component(name "${folder}" NAME)
  if(EXISTS "${folder}/${name}.cpp")
    install(FILES "${file}" DESTINATION "share/racecourse/scenarios/${name}")
  endif()
endforeach()
install(DIRECTORY "${PROJECT_SOURCE_DIR}/scenarios/racecourse/new" DESTINATION share/racecourse)
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION share/racecourse)

configure_package_config_file(
  "${CMAKE_CURRENT_LIST_DIR}/racecourse-config.cmake.in" "${CMAKE_CURRENT_BINARY_DIR}/racecourse-config.cmake"
  INSTALL_DESTINATION ${package}
  NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/racecourse-config-version.cmake" COMPATIBILITY SameMinorVersion)
install(
  FILES "${CMAKE_CURRENT_BINARY_DIR}/racecourse-config.cmake"
        "${CMAKE_CURRENT_BINARY_DIR}/racecourse-config-version.cmake"
        "${PROJECT_SOURCE_DIR}/checkers/cmake/Racecourse.cmake"
        "${PROJECT_SOURCE_DIR}/checkers/cmake/FindLibdw.cmake"
        "${PROJECT_SOURCE_DIR}/checkers/cmake/FindRelacy.cmake"
        "${PROJECT_SOURCE_DIR}/scenarios/cmake/RacecourseCatalogue.cmake"
        "${PROJECT_SOURCE_DIR}/scenarios/cmake/RacecourseLab.cmake"
        "${PROJECT_SOURCE_DIR}/scenarios/cmake/catalogue_tests.cmake.in"
  DESTINATION ${package})
