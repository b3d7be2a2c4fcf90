// The one way in which the files beside this one check their workloads.
#pragma once

#include <racecourse/checkers/property/check_workloads.h>

#include <string>
#include <utility>

namespace racecourse::catalogue {

// Each takes a worker process of its own.
constexpr int kPrograms = 100;

template <class Operation>
void check_programs(const std::string& name, std::uint64_t seed, rc::Gen<property::Workload<Operation>> programs,
                    const property::TestText& text,
                    const std::function<void(const property::Workload<Operation>&)>& body) {
  try {
    property::check_workloads<Operation>(name, {.seed = seed, .tests = kPrograms}, std::move(programs), text, body);
  } catch (property::Falsified& falsified) {
    falsified.token.clear();
    falsified.finding.token.clear();
    throw;
  }
}

}  // namespace racecourse::catalogue
