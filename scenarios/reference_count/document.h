// A document that its owners share, and the count of them: the last one to let go shreds it. With the alias header's
// types, so that Relacy can run it too.
#pragma once

#include <racecourse/primitives/sync/sync.h>

namespace racecourse::reference_count {

template <std::memory_order drop_order>
class Owners {
 public:
  // True for the last owner.
  bool drop() { return count_.fetch_sub(1, drop_order) == 1; }  // BUG: unless it is acq_rel

 private:
  sync::atomic<int> count_{2};
};

// The default order everywhere, and the question in a second step.
class AsksAfterwards {
 public:
  bool drop() {
    count_.fetch_sub(1);
    return count_.load() == 0;
  }

 private:
  sync::atomic<int> count_{2};
};

template <class Owners>
class Document {
 public:
  // An owner fills in the page that is its own, and lets go. True for the last one, who has shredded the document.
  bool write_and_drop(int page) {
    pages_[page] = page + 1;
    if (!owners_.drop()) return false;
    pages_[0] = 0;
    pages_[1] = 0;
    return true;
  }

 private:
  Owners owners_;
  sync::var<int> pages_[2];
};

using Relaxed = Document<Owners<std::memory_order_relaxed>>;
using AcquireRelease = Document<Owners<std::memory_order_acq_rel>>;
using ReleaseAlone = Document<Owners<std::memory_order_release>>;
using InTwoSteps = Document<AsksAfterwards>;

}  // namespace racecourse::reference_count
