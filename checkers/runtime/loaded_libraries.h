// The libraries that an execution loads by dlopen(), and leaves loaded. Their variables are no part of the snapshot, so
// they go before the next execution, which loads them anew.
#pragma once

namespace racecourse::runtime {

// Inside an execution, before it loads one.
void keep_loaded_libraries();
// After it: all but those that were there before.
void unload_libraries();

}  // namespace racecourse::runtime
