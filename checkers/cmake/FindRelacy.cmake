# Finds Dmitry Vyukov's Relacy Race Detector (headers only; Debian: relacy-dev).
#
#   Relacy_FOUND          whether it is there
#   Relacy_INCLUDE_DIR    the folder that holds relacy/relacy.hpp
#   Relacy::Relacy        target to link with
find_path(Relacy_INCLUDE_DIR NAMES relacy/relacy.hpp)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Relacy REQUIRED_VARS Relacy_INCLUDE_DIR)
mark_as_advanced(Relacy_INCLUDE_DIR)

if(Relacy_FOUND AND NOT TARGET Relacy::Relacy)
  add_library(Relacy::Relacy INTERFACE IMPORTED)
  set_target_properties(Relacy::Relacy PROPERTIES
    INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${Relacy_INCLUDE_DIR}"
    INTERFACE_COMPILE_DEFINITIONS RACECOURSE_RELACY
    # Its fibers are switched by longjmp between stacks, which the fortified longjmp takes for corruption.
    INTERFACE_COMPILE_OPTIONS -U_FORTIFY_SOURCE)
endif()
