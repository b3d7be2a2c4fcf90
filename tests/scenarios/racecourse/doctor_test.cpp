// What the doctor says follows from the facts alone, whatever machine this is.
#include <gtest/gtest.h>
#include <racecourse/scenarios/racecourse/doctor.h>

#include <algorithm>
#include <string>

namespace racecourse::command {
namespace {

using Is = Diagnosis::Is;

constexpr std::uint64_t kGiB = std::uint64_t{1} << 30;

MachineFacts healthy() {
  MachineFacts facts;
  facts.compilers = {{"g++", "12.2.0", true, true, ""}, {"clang++", "", false, false, ""}};
  facts.mmap_rnd_bits = 28;
  facts.memory = 8 * kGiB;
  facts.disk = 40 * kGiB;
  return facts;
}

// The one line that is not ok: what it says, and what mends it.
void expect_ill(const MachineFacts& facts, Is is, const std::string& says, const std::string& mend) {
  const auto all = diagnose(facts);
  const auto ill = [](const Diagnosis& one) { return one.is != Is::ok; };
  ASSERT_EQ(std::ranges::count_if(all, ill), 1) << says;
  const Diagnosis& one = *std::ranges::find_if(all, ill);
  EXPECT_EQ(one.is, is);
  EXPECT_NE(one.says.find(says), std::string::npos) << one.says;
  EXPECT_NE(one.mend.find(mend), std::string::npos) << one.mend;
}

TEST(Doctor, AHealthyMachine) {
  for (const Diagnosis& one : diagnose(healthy())) {
    EXPECT_EQ(one.is, Is::ok) << one.says;
    EXPECT_EQ(one.mend, "");
  }
}

TEST(Doctor, Compilers) {
  MachineFacts facts = healthy();
  facts.compilers[0].version = "";
  expect_ill(facts, Is::wrong, "no C++ compiler", "apt-get install g++");
  facts.compilers[1] = {"clang++", "14.0.6", true, true, ""};
  EXPECT_TRUE(std::ranges::all_of(diagnose(facts), [](auto& one) { return one.is == Is::ok; })) << "clang++ will do";
  facts = healthy();
  facts.compilers[0].version = "9.4.0";
  expect_ill(facts, Is::wrong, "g++ 9.4.0 is too old", "g++-12");
}

TEST(Doctor, ThreadSanitizer) {
  MachineFacts facts = healthy();
  facts.compilers[1] = {"clang++", "14.0.6", false, false, ""};
  expect_ill(facts, Is::wrong, "of clang++ cannot be linked", "libclang-rt-14-dev");
  facts = healthy();
  facts.compilers[0].tsan_runs = false;
  facts.compilers[0].tsan_says = "FATAL: unexpected memory mapping";
  expect_ill(facts, Is::wrong, "unexpected memory mapping", "seccomp=unconfined");
  facts.mmap_rnd_bits = 32;
  expect_ill(facts, Is::wrong, "vm.mmap_rnd_bits is 32", "sudo sysctl vm.mmap_rnd_bits=28");
  facts.compilers[0].tsan_runs = true;
  facts.may_stop_randomization = false;
  EXPECT_TRUE(std::ranges::all_of(diagnose(facts), [](auto& one) { return one.is == Is::ok; }))
      << "what runs needs no mending, whatever the kernel's settings are";
}

TEST(Doctor, TheProcessor) {
  MachineFacts facts = healthy();
  facts.fsgsbase = false;
  facts.kernel = "5.8.0-63-generic";
  expect_ill(facts, Is::wrong, "FSGSBASE is off, because Linux 5.8.0-63-generic is older than 5.9",
             "sudo apt-get install linux-image-amd64");
  facts.kernel = "6.1.0-13-amd64";
  expect_ill(facts, Is::wrong, "the processor, or the virtual machine, does not offer it", "use a machine");
  facts.nofsgsbase = true;
  expect_ill(facts, Is::wrong, "started with \"nofsgsbase\"", "sudo sed -i 's/ *nofsgsbase//' /etc/default/grub");
}

TEST(Doctor, Limits) {
  MachineFacts facts = healthy();
  facts.memory = kGiB;
  expect_ill(facts, Is::wrong, "little memory: 1.0 GiB", "--memory 4g");
  facts = healthy();
  facts.processors = 0.5;
  expect_ill(facts, Is::slow, "0.5 of a processor", "--cpus 2");
  facts = healthy();
  facts.pids = 64;
  expect_ill(facts, Is::wrong, "64 threads", "--pids-limit");
  facts = healthy();
  facts.disk = kGiB / 2;
  expect_ill(facts, Is::wrong, "on the disk: 0.5 GiB", "du -xh");
}

TEST(Doctor, MissingParts) {
  MachineFacts facts = healthy();
  facts.missing_packages = {"relacy-dev", "libdw-dev"};
  expect_ill(facts, Is::wrong, "relacy-dev libdw-dev", "sudo apt-get install relacy-dev libdw-dev");
  facts = healthy();
  facts.explore_runs = false;
  expect_ill(facts, Is::wrong, "racecourse-explore", "ci/build default catalogue");
}

}  // namespace
}  // namespace racecourse::command
