// A forest with arenas of its own.
#pragma once

#include <racecourse/checkers/schedule/forest.h>

#include <array>

namespace racecourse::schedule::small {

struct OwnForest {
  std::array<Arena*, Forest::kLanes> arenas;
  Arena* own = Arena::map(std::size_t{1} << 28);
  Forest* forest;

  OwnForest() {
    for (Arena*& arena : arenas) arena = Arena::map(std::size_t{1} << 28);
    forest = own->make<Forest>(own, arenas);
  }
  ~OwnForest() {
    for (Arena* arena : arenas) Arena::unmap(arena);
    Arena::unmap(own);
  }
};

}  // namespace racecourse::schedule::small
