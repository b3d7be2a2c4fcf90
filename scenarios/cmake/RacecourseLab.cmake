# racecourse_add_lab(name)
#
# The program of one exercise of a workspace that `racecourse lab start` made: name/checks.cpp and the student's file
# beside it, in the explore link. `contracts/` comes before the installed headers of the same names.
include_guard(GLOBAL)

function(racecourse_add_lab name)
  racecourse_add_objects(
    ${name}.objects
    SOURCES "${CMAKE_CURRENT_SOURCE_DIR}/${name}/checks.cpp"
    INCLUDES "${CMAKE_CURRENT_SOURCE_DIR}/contracts")
  racecourse_add_program(${name} explore OBJECTS ${name}.objects racecourse::catalogue_lab_main
                                               racecourse::catalogue_common)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}" EXCLUDE_FROM_ALL ON)
endfunction()
