// A file that is opened by its name, for other interposed functions that open some.
#pragma once

namespace racecourse::runtime {

// What other workers would find changed is told to the search: a file that is opened to be changed, but not a device
// and not what the kernel tells.
void may_name(const char* path, const char* mode);

}  // namespace racecourse::runtime
