# Finds moodycamel's ConcurrentQueue (headers only; Debian: libconcurrentqueue-dev).
#
#   ConcurrentQueue_FOUND               whether it is there
#   ConcurrentQueue_INCLUDE_DIR         the folder that holds concurrentqueue/concurrentqueue.h
#   ConcurrentQueue::ConcurrentQueue    target to link with
find_path(ConcurrentQueue_INCLUDE_DIR NAMES concurrentqueue/concurrentqueue.h)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(ConcurrentQueue REQUIRED_VARS ConcurrentQueue_INCLUDE_DIR)
mark_as_advanced(ConcurrentQueue_INCLUDE_DIR)

if(ConcurrentQueue_FOUND AND NOT TARGET ConcurrentQueue::ConcurrentQueue)
  add_library(ConcurrentQueue::ConcurrentQueue INTERFACE IMPORTED)
  set_target_properties(ConcurrentQueue::ConcurrentQueue PROPERTIES
    INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${ConcurrentQueue_INCLUDE_DIR}")
endif()
