#include <racecourse/checkers/schedule/recording_walk.h>

namespace racecourse::schedule {
namespace {

class RecordingWalk final : public Strategy {
 public:
  std::string_view name() const override { return "recording"; }
  void begin(std::uint64_t execution, std::uint64_t seed, const Learnt&) override {
    random_.reseed(seed ^ execution << 20);
  }
  Choice choose(const View& view) override {
    if (view.enabled.empty()) return {view.timed.front(), 1};
    return {view.enabled[random_.below(static_cast<std::uint32_t>(view.enabled.size()))], 1};
  }
  std::uint32_t pick(std::uint32_t n) override { return random_.below(n); }
  bool watches() const override { return true; }
  bool records() const override { return true; }

 private:
  Random random_;
};

}  // namespace

std::unique_ptr<Strategy> recording_walk() { return std::make_unique<RecordingWalk>(); }

}  // namespace racecourse::schedule
