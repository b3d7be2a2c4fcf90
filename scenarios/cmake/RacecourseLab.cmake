# racecourse_add_lab(name)
#
# The programs of one exercise of a workspace that `racecourse lab start` made, in the explore link: `name`, of
# name/checks.cpp, and `name.test`, of name/run_test.cpp if it is there; both with the student's files beside them.
# `contracts/` comes before the installed headers of the same names.
include_guard(GLOBAL)

function(racecourse_add_lab name)
  racecourse_add_lab_program(${name} "${CMAKE_CURRENT_SOURCE_DIR}/${name}/checks.cpp")
  set(test "${CMAKE_CURRENT_SOURCE_DIR}/${name}/run_test.cpp")
  if(EXISTS "${test}")
    racecourse_add_lab_program(${name}.test "${test}")
  endif()
endfunction()

function(racecourse_add_lab_program program source)
  racecourse_add_objects(
    ${program}.objects
    SOURCES "${source}"
    INCLUDES "${CMAKE_CURRENT_SOURCE_DIR}/contracts")
  racecourse_add_program(${program} explore OBJECTS ${program}.objects racecourse::catalogue_lab_main
                                                  racecourse::catalogue_common)
  set_target_properties(${program} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}" EXCLUDE_FROM_ALL ON)
endfunction()
