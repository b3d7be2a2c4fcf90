// What an execution did, in a few characters: so that the token of a schedule can say whether a program still does what
// it did when the token was made.
//
// It is made of the operations in their order: which thread, what kind, how many bytes, and which object, numbered by
// its first appearance. Neither addresses nor values nor lines of the source go into it, so it survives a rebuild and
// an edit that changes none of the operations.
#pragma once

#include <racecourse/checkers/report/trace_view.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace racecourse::report {

// "3:9a0c...": after every third event one hexadecimal digit of a hash of all events so far; at most 32 digits. Empty
// for a trace whose end was not recorded.
std::string fingerprint(const Trace& trace);

// The first event that may not be the one of the fingerprint: it, or one of the few after it that share its digit,
// differs (a digit is right by chance once in 16 times; then one of the next tells). trace.events.size() if the
// execution ended too early. Nothing if all is as it was, or if there is no fingerprint.
std::optional<std::size_t> first_difference(const Trace& trace, std::string_view fingerprint);

// "operation 12 of T1 (account.h:22)": by thread, counted from 1. If it is none of the user's, "(before account.h:22)":
// the next one that is.
std::string name_of_event(const Trace& trace, std::size_t event);

}  // namespace racecourse::report
