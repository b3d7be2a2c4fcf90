// Sources of randomness. Their state is in ordinary globals, which the snapshot sets back: an execution's numbers
// depend on nothing but its own calls, so that a schedule alone replays it. Seeds set before the exploration (often
// from the time) do not reach into it. rand_r, erand48 and the like keep their state with the caller and are left.
#include <errno.h>
#include <racecourse/checkers/runtime/effects.h>
#include <racecourse/checkers/runtime/interpose/call.h>
#include <racecourse/checkers/runtime/interpose/filled.h>
#include <racecourse/checkers/runtime/interpose/random.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include <random>

extern "C" {
std::uint32_t arc4random() noexcept;  // glibc 2.36
void arc4random_buf(void* buffer, std::size_t size) noexcept;
std::uint32_t arc4random_uniform(std::uint32_t bound) noexcept;
}

RC_DECLARE_ORIGINAL(rand)
RC_DECLARE_ORIGINAL(srand)
RC_DECLARE_ORIGINAL(random)
RC_DECLARE_ORIGINAL(srandom)
RC_DECLARE_ORIGINAL(drand48)
RC_DECLARE_ORIGINAL(lrand48)
RC_DECLARE_ORIGINAL(mrand48)
RC_DECLARE_ORIGINAL(srand48)
RC_DECLARE_ORIGINAL(getrandom)
RC_DECLARE_ORIGINAL(getentropy)
RC_DECLARE_ORIGINAL(arc4random)
RC_DECLARE_ORIGINAL(arc4random_buf)
RC_DECLARE_ORIGINAL(arc4random_uniform)

namespace racecourse::runtime {

namespace {

// The n-th number of a seed, by splitmix64.
class Counter {
 public:
  explicit constexpr Counter(std::uint64_t seed = 0) : state_(seed) {}
  std::uint64_t next(std::uint64_t offset = 0) {
    std::uint64_t mixed = (state_ += 0x9E3779B97F4A7C15u) + offset;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
    return mixed ^ (mixed >> 31);
  }

 private:
  std::uint64_t state_;
};

constinit Counter entropy[256];      // by thread: whose turn it is changes no numbers
constinit Counter rand_sequence{1};  // rand() starts as after srand(1)
constinit std::uint64_t state48 = 0;

// The generator that POSIX prescribes for the *48 family. No lock guards its state in the C library either.
std::uint64_t next48(std::uint64_t pc) {
  will_fill(&state48, sizeof state48, pc);
  state48 = (state48 * 0x5DEECE66Du + 0xB) & ((1ull << 48) - 1);
  return state48;
}

// Its next number depends on who was there before.
void uses_sequence(std::uint64_t pc) {
  enter(pc, on(&rand_sequence, Access::write));
  if (RC_UNLIKELY(rt.noted != nullptr) && !quiet()) note_use(&rand_sequence, pc);
}

int next_rand(std::uint64_t pc) {
  uses_sequence(pc);
  return static_cast<int>(rand_sequence.next() >> 33);
}

void seed_rand(unsigned seed, std::uint64_t pc) {
  uses_sequence(pc);
  rand_sequence = Counter(seed);
}

}  // namespace

std::uint64_t next_random() {
  constexpr std::uint64_t kFarApart = 0xD1B54A32D192ED03u;
  const std::uint64_t thread = self().id;
  return entropy[thread].next(thread * kFarApart);
}

void fill_random(void* buffer, std::size_t size) {
  auto* out = static_cast<char*>(buffer);
  while (size > 0) {
    const std::uint64_t value = next_random();
    const std::size_t part = size < sizeof value ? size : sizeof value;
    memcpy(out, &value, part);
    out += part;
    size -= part;
  }
}

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE int rand() noexcept { return rt.executing ? next_rand(RC_CALLER) : RC_ORIGINAL(rand)(); }
RC_INTERPOSE_UNRESERVED long random() noexcept { return rt.executing ? next_rand(RC_CALLER) : RC_ORIGINAL(random)(); }

RC_INTERPOSE void srand(unsigned seed) noexcept {
  if (!rt.executing) return RC_ORIGINAL(srand)(seed);
  seed_rand(seed, RC_CALLER);
}

RC_INTERPOSE_UNRESERVED void srandom(unsigned seed) noexcept {
  if (!rt.executing) return RC_ORIGINAL(srandom)(seed);
  seed_rand(seed, RC_CALLER);
}

RC_INTERPOSE_UNRESERVED double drand48() noexcept {
  if (!rt.executing) return RC_ORIGINAL(drand48)();
  return static_cast<double>(next48(RC_CALLER)) * 0x1.0p-48;
}

RC_INTERPOSE_UNRESERVED long lrand48() noexcept {
  if (!rt.executing) return RC_ORIGINAL(lrand48)();
  return static_cast<long>(next48(RC_CALLER) >> 17);
}

RC_INTERPOSE_UNRESERVED long mrand48() noexcept {
  if (!rt.executing) return RC_ORIGINAL(mrand48)();
  return static_cast<std::int32_t>(next48(RC_CALLER) >> 16);
}

RC_INTERPOSE_UNRESERVED void srand48(long seed) noexcept {
  if (!rt.executing) return RC_ORIGINAL(srand48)(seed);
  will_fill(&state48, sizeof state48, RC_CALLER);
  state48 = static_cast<std::uint64_t>(static_cast<std::uint32_t>(seed)) << 16 | 0x330E;
}

RC_INTERPOSE ssize_t getrandom(void* buffer, size_t size, unsigned flags) {
  if (!rt.executing) return RC_ORIGINAL(getrandom)(buffer, size, flags);
  fill_random(buffer, size);
  return static_cast<ssize_t>(size);
}

RC_INTERPOSE int getentropy(void* buffer, size_t size) {
  if (!rt.executing) return RC_ORIGINAL(getentropy)(buffer, size);
  if (size > 256) {
    errno = EIO;
    return -1;
  }
  fill_random(buffer, size);
  return 0;
}

RC_INTERPOSE std::uint32_t arc4random() noexcept {
  if (!rt.executing) return RC_ORIGINAL(arc4random)();
  return static_cast<std::uint32_t>(next_random());
}

RC_INTERPOSE void arc4random_buf(void* buffer, std::size_t size) noexcept {
  if (!rt.executing) return RC_ORIGINAL(arc4random_buf)(buffer, size);
  fill_random(buffer, size);
}

RC_INTERPOSE std::uint32_t arc4random_uniform(std::uint32_t bound) noexcept {
  if (!rt.executing) return RC_ORIGINAL(arc4random_uniform)(bound);
  return bound == 0 ? 0 : static_cast<std::uint32_t>((next_random() >> 32) * bound >> 32);
}

// std::random_device reads a processor instruction. Weak: with a static libstdc++ that library's definition comes along
// with the constructor; it then has no original, so the one below is used everywhere.
namespace {

[[gnu::section("racecourse_real"), gnu::used]] constinit RealFunction original_getval{
    "_ZNSt13random_device9_M_getvalEv", nullptr};

}  // namespace

[[gnu::visibility("default"), gnu::weak]] std::random_device::result_type std::random_device::_M_getval() {
  if (rt.executing) return static_cast<result_type>(next_random());
  if (void* original = look_up(original_getval))
    return reinterpret_cast<result_type (*)(std::random_device*)>(original)(this);
  result_type value;
  if (RC_ORIGINAL(getrandom)(&value, sizeof value, 0) != sizeof value) missing_function("getrandom");
  return value;
}
