// What must hold of the right variants beyond their entry's own body: for random small programs, each under a random
// schedule. They throw racecourse::property::Falsified, without a token, since a token would replay the entry's body
// and not that program; the report has the seed, and the program as a test to paste.
#pragma once

#include <cstdint>

namespace racecourse::catalogue::workloads {

void account_locked(std::uint64_t seed);
void account_cas_loop(std::uint64_t seed);
void account_ordered_transfer(std::uint64_t seed);

void lock_ttas(std::uint64_t seed);
void lock_ticket(std::uint64_t seed);
void lock_parking(std::uint64_t seed);

void stop_flag_atomic_bool(std::uint64_t seed);
void stop_flag_stop_token(std::uint64_t seed);
void stop_flag_condition_variable(std::uint64_t seed);

}  // namespace racecourse::catalogue::workloads
