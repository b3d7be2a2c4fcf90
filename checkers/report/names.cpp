#include <racecourse/checkers/report/identifier.h>
#include <racecourse/checkers/report/names.h>
#include <racecourse/checkers/report/value_text.h>

#include <algorithm>

namespace racecourse::report {
namespace {

// How far a name is to be believed: a lock is called by what stands in its call, while reads and writes inside a
// library function may touch any part of the object.
constexpr int kDirectVote = 4;
constexpr int kCallVote = 4;
constexpr int kLibraryAccessVote = 1;

// Votes of one address that are looked at. Endless loops repeat the same few places.
constexpr std::size_t kMostVotes = 256;

// A pointer names the object that it points to up to this many bytes.
constexpr std::uint64_t kLargestOwner = 256;

std::string last_component(const std::string& name) {
  const std::size_t colons = name.rfind("::");
  return colons == std::string::npos ? name : name.substr(colons + 2);
}

bool of_library(const std::string& symbol) { return symbol.starts_with("std::") || symbol.starts_with("__"); }

}  // namespace

Names::Names(const Trace& trace, const Lifetimes& lifetimes, Stacks& stacks, Symbols& symbols,
             std::span<const std::uint32_t> events)
    : trace_(trace), lifetimes_(lifetimes), stacks_(stacks), symbols_(symbols) {
  std::unordered_map<std::uint64_t, Votes> votes;
  for (const std::uint32_t index : events) {
    const Event& event = trace_.events[index];
    if (event.address == 0 || !(is_memory(event.op) || is_sync(event.op))) continue;
    const auto [entry, inserted] = votes.try_emplace(event.address);
    if (inserted) order_.push_back(event.address);
    entry->second.allocations.insert(lifetimes_.block(event.address, index).allocated);
  }
  // Other events of the same addresses vote too: what a lock is called stands where it is declared and locked.
  for (std::uint32_t index = 0; index < trace_.events.size(); ++index) {
    const std::uint64_t address = trace_.events[index].address;
    const auto entry = votes.find(address);
    if (entry == votes.end() || entry->second.events.size() >= kMostVotes) continue;
    if (!entry->second.allocations.contains(lifetimes_.block(address, index).allocated)) continue;
    vote(index, entry->second);
    entry->second.events.push_back(index);
  }
  for (const std::uint64_t address : order_) choose(address, votes[address]);
  learn_pointers();
  call_after_owners();
  tell_apart();
}

void Names::vote(std::uint32_t index, Votes& votes) {
  const Event& event = trace_.events[index];
  if (is_memory(event.op) && votes.size == 0) votes.size = event.size;
  votes.atomic |= is_atomic(event.op) || is_sync(event.op);
  const UserPlace& user = stacks_.user(event);
  if (user.place == nullptr) return;
  const std::string* line = symbols_.source_line(user.place->file, user.place->line);
  if (line == nullptr) return;
  const bool call = user.in_library || is_sync(event.op);
  const std::string name = call ? called_object(*line, user.place->column, event.op)
                                : accessed_name(*line, user.place->column, is_write(event.op));
  if (name.empty()) return;
  int weight = kDirectVote;
  if (call) weight = is_sync(event.op) || is_atomic(event.op) ? kCallVote : kLibraryAccessVote;
  votes.names[name] += weight;
}

void Names::choose(std::uint64_t address, const Votes& votes) {
  std::string voted;
  int most = 0;
  for (const auto& [name, weight] : votes.names) {
    if (weight > most) {
      most = weight;
      voted = name;
    }
  }
  Named& named = named_[address];
  named.size = votes.size;
  named.plain = symbol_name(address, votes, voted);
  if (named.plain.empty()) named.plain = voted;
  named.from_source = !named.plain.empty();
  if (named.plain.empty()) named.plain = fallback_name(address, votes.events.empty() ? 0 : votes.events.front());
  named.name = named.plain;
  const std::string variable = voted.empty() ? last_component(named.plain) : voted;
  for (const std::uint32_t index : votes.events) {
    const UserPlace& user = stacks_.user(trace_.events[index]);
    if (user.place == nullptr || votes.size == 0 || trace_.events[index].size != votes.size) continue;
    named.type = symbols_.variable_type(user.address, variable, votes.size);
    break;
  }
}

// Who calls a part of a variable by that name means a member, unless it is a parameter or a pointer: `one` of
// `void eat(std::mutex& one)` is no part of the variable.
bool Names::is_member(const Votes& votes, const std::string& voted) {
  return std::ranges::any_of(votes.events, [&](std::uint32_t index) {
    const UserPlace& user = stacks_.user(trace_.events[index]);
    return user.place != nullptr && symbols_.is_member(user.address, voted);
  });
}

std::string Names::symbol_name(std::uint64_t address, const Votes& votes, const std::string& voted) {
  const std::optional<DataSymbol> symbol = symbols_.data(address);
  if (!symbol) return {};
  // Several objects may share the places where the library counts who waits for them.
  if (of_library(symbol->name))
    return "internal data of " + (votes.atomic && votes.names.size() == 1 ? voted : "the library");
  const std::uint64_t offset = address - symbol->base;
  const std::string name = last_component(symbol->name);
  if (!voted.empty() && voted != name && is_member(votes, voted)) return name + "." + voted;
  const std::uint8_t size = votes.size;
  if (size != 0 && symbol->size > size && offset % size == 0) return name + "[" + std::to_string(offset / size) + "]";
  return offset == 0 ? name : name + "+" + std::to_string(offset);
}

std::string Names::fallback_name(std::uint64_t address, std::uint32_t index) {
  if (const Lifetimes::Block block = lifetimes_.block(address, index); block.allocated != 0) {
    std::string name = "heap block of " + std::to_string(block.size) + " bytes";
    if (address != block.base) name += " +" + std::to_string(address - block.base);
    return name;
  }
  return "memory " + std::to_string(++memories_);
}

// Lambdas capture by reference through pointers: a read of a pointer called `x`, where no variable `x` is a pointer,
// says that an object called `x` lies there. Different names for one object cancel out.
void Names::learn_pointers() {
  for (const Event& event : trace_.events) {
    if (event.op != Op::read || event.size != sizeof(void*) || !event.value_known) continue;
    const auto near = named_.lower_bound(event.value);
    if (near == named_.end() || near->first - event.value >= kLargestOwner) continue;
    const UserPlace& user = stacks_.user(event);
    if (user.place == nullptr || user.in_library) continue;
    const std::string* line = symbols_.source_line(user.place->file, user.place->line);
    if (line == nullptr) continue;
    const std::string name = accessed_name(*line, user.place->column, false);
    if (name.empty()) continue;
    if (symbols_.variable_type(user.address, name, sizeof(void*)).form == ValueType::Form::pointer) continue;
    const auto [entry, inserted] = owners_.try_emplace(event.value, name);
    if (!inserted && entry->second != name) entry->second.clear();
  }
}

std::string Names::owner_of(std::uint64_t address) const {
  auto owner = owners_.upper_bound(address);
  if (owner == owners_.begin()) return {};
  --owner;
  return address - owner->first < kLargestOwner ? owner->second : std::string{};
}

// What no line of the source names, but lies in an object that has a name, is called after it: tell_apart() numbers the
// parts.
void Names::call_after_owners() {
  for (const std::uint64_t address : order_) {
    const Named& named = named_[address];
    // Written as a whole: an object with members, such as an array that is made.
    if (named.from_source && named.size > sizeof(std::uint64_t)) owners_.try_emplace(address, named.plain);
  }
  for (const std::uint64_t address : order_) {
    Named& named = named_[address];
    const std::string owner = owner_of(address);
    if (!named.from_source && !owner.empty()) named.plain = named.name = owner;
  }
}

void Names::tell_apart() {
  std::map<std::string, std::vector<std::uint64_t>> same;
  for (const std::uint64_t address : order_) same[named_[address].plain].push_back(address);
  for (auto& [plain, addresses] : same) {
    if (addresses.size() < 2) continue;
    std::map<std::string, int> owners;
    for (const std::uint64_t address : addresses) {
      const std::string owner = owner_of(address);
      ++owners[owner == plain ? std::string{} : owner];
    }
    // In the order of their addresses: elements of an array keep their order.
    std::sort(addresses.begin(), addresses.end());
    int number = 0;
    for (const std::uint64_t address : addresses) {
      ++number;
      const std::string owner = owner_of(address);
      const bool unique = !owner.empty() && owner != plain && owners[owner] == 1;
      named_[address].name = unique ? owner + "." + plain : plain + " #" + std::to_string(number);
    }
  }
}

std::string Names::of(std::uint64_t address) {
  auto at = named_.upper_bound(address);
  if (at != named_.begin()) {
    --at;
    if (overlap(at->first, at->second.size, address, 1)) return at->second.name;
  }
  return named_late(address).name;
}

std::string Names::in_source(const Event& event) {
  const UserPlace& user = stacks_.user(event);
  if (user.place == nullptr || user.in_library || !is_memory(event.op)) return {};
  const std::string* line = symbols_.source_line(user.place->file, user.place->line);
  return line != nullptr ? accessed_name(*line, user.place->column, is_write(event.op)) : std::string{};
}

const Names::Named& Names::named_late(std::uint64_t address) {
  Votes votes;
  for (std::uint32_t i = 0; i < trace_.events.size() && votes.events.size() < kMostVotes; ++i) {
    if (trace_.events[i].address != address) continue;
    vote(i, votes);
    votes.events.push_back(i);
  }
  choose(address, votes);
  return named_[address];
}

bool Names::looks_like_pointer(std::uint64_t bits) const {
  if (named_.contains(bits)) return true;
  constexpr std::uint64_t kLowestMapping = 0x10000, kHighestAddress = 1ull << 47;
  if (bits < kLowestMapping || bits >= kHighestAddress) return false;
  // Numbers beyond 4 GiB are rare, addresses of heaps, stacks and libraries are all there.
  return bits >= (1ull << 32) || symbols_.data(bits).has_value() || !symbols_.code(bits).empty();
}

std::string Names::pointer(std::uint64_t bits) {
  if (bits == 0) return "nullptr";
  if (const auto named = named_.find(bits); named != named_.end() && named->second.from_source) {
    return "&" + named->second.name;
  }
  if (const auto symbol = symbols_.data(bits); symbol && symbol->base == bits)
    return "&" + last_component(symbol->name);
  const auto [entry, inserted] = pointers_.try_emplace(bits);
  if (inserted) entry->second = "pointer " + std::to_string(pointers_.size());
  return entry->second;
}

std::string Names::value(const Event& event, std::uint64_t bits) {
  const auto named = named_.find(event.address);
  const bool typed = named != named_.end() && named->second.size == event.size;
  const ValueType type = typed ? named->second.type : ValueType{};
  const bool unknown_pointer =
      type.form == ValueType::Form::unknown && event.size == sizeof(void*) && looks_like_pointer(bits);
  if (type.form == ValueType::Form::pointer || unknown_pointer) return pointer(bits);
  return value_text(type, event.size, bits);
}

}  // namespace racecourse::report
