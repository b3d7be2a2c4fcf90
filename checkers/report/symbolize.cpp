#include <dlfcn.h>
#include <elf.h>
#include <elfutils/libdwfl.h>
#include <racecourse/checkers/high_descriptors.h>
#include <racecourse/checkers/report/call_target.h>
#include <racecourse/checkers/report/debug_info.h>
#include <racecourse/checkers/report/demangle.h>
#include <racecourse/checkers/report/source_text.h>
#include <racecourse/checkers/report/symbolize.h>
#include <unistd.h>

#include <memory>
#include <unordered_map>
#include <utility>

namespace racecourse::report {
namespace {

// Debug information is taken from the objects themselves. Separate debug files are not looked for: the standard
// callback may ask a server, and a report must not depend on the network.
int no_separate_debug_info(Dwfl_Module*, void**, const char*, Dwarf_Addr, const char*, const char*, GElf_Word, char**) {
  return -1;
}

int find_elf(Dwfl_Module* module, void** data, const char* name, Dwarf_Addr base, char** file, Elf** elf) {
  return out_of_the_way(dwfl_linux_proc_find_elf(module, data, name, base, file, elf));
}

constexpr Dwfl_Callbacks kCallbacks = {find_elf, no_separate_debug_info, nullptr, nullptr};

class ProcessSymbols final : public Symbols {
 public:
  ProcessSymbols() : dwfl_(dwfl_begin(&kCallbacks), dwfl_end) {
    if (!dwfl_) return;
    dwfl_report_begin(dwfl_.get());
    dwfl_linux_proc_report(dwfl_.get(), getpid());
    dwfl_report_end(dwfl_.get(), nullptr, nullptr);
  }

  const std::vector<Place>& code(std::uint64_t address) override {
    const auto [entry, inserted] = code_.try_emplace(address);
    if (inserted) entry->second = look_up(address);
    return entry->second;
  }

  std::optional<DataSymbol> data(std::uint64_t address) override {
    Dwfl_Module* module = module_of(address);
    if (module == nullptr) return std::nullopt;
    GElf_Sym symbol;
    GElf_Off offset = 0;
    const char* name = dwfl_module_addrinfo(module, address, &offset, &symbol, nullptr, nullptr, nullptr);
    const auto type = GELF_ST_TYPE(symbol.st_info);
    if (name == nullptr || (type != STT_OBJECT && type != STT_TLS) || offset >= symbol.st_size) return std::nullopt;
    return DataSymbol{shorten(demangle(name)), address - offset, symbol.st_size};
  }

  const std::string* source_line(const std::string& file, int line) override { return source_.line(file, line); }

  ValueType variable_type(std::uint64_t address, std::string_view name, std::uint8_t size) override {
    const auto [info, bias] = debug_info(module_of(address));
    return info != nullptr ? info->variable_type(address - bias, name, size) : ValueType{};
  }

  std::string called(std::uint64_t return_address) override {
    if (return_address == 0 || module_of(return_address - 1) == nullptr) return {};
    std::uint64_t target = call_target(return_address);
    if (target != 0 && module_of(target) != nullptr) target = behind_stub(target);
    Dwfl_Module* module = target != 0 ? module_of(target) : nullptr;
    if (module == nullptr) return {};
    GElf_Sym symbol;
    GElf_Off offset = 0;
    const char* name = dwfl_module_addrinfo(module, target, &offset, &symbol, nullptr, nullptr, nullptr);
    const bool begins = name != nullptr && offset == 0 && GELF_ST_TYPE(symbol.st_info) == STT_FUNC;
    return begins ? name : std::string{};
  }

  bool is_bit_field(std::uint64_t address, std::string_view name) override {
    const auto [info, bias] = debug_info(module_of(address));
    return info != nullptr && info->is_bit_field(address - bias, name);
  }

  bool is_member(std::uint64_t address, std::string_view name) override {
    const auto [info, bias] = debug_info(module_of(address));
    return info == nullptr || info->is_member(address - bias, name);
  }

 private:
  struct Loaded {
    std::unique_ptr<DebugInfo> info;  // null: the module has none
    Dwarf_Addr bias = 0;
  };

  Dwfl_Module* module_of(std::uint64_t address) const {
    if (!dwfl_) return nullptr;
    if (Dwfl_Module* module = dwfl_addrmodule(dwfl_.get(), address)) return module;
    // The end of .bss is mapped without a file, and libdw goes by files.
    Dl_info object;
    if (dladdr(reinterpret_cast<const void*>(address), &object) == 0) return nullptr;
    return dwfl_addrmodule(dwfl_.get(), reinterpret_cast<std::uint64_t>(object.dli_fbase));
  }

  std::pair<DebugInfo*, Dwarf_Addr> debug_info(Dwfl_Module* module) {
    if (module == nullptr) return {nullptr, 0};
    const auto [entry, inserted] = loaded_.try_emplace(module);
    Loaded& loaded = entry->second;
    if (inserted) {
      if (Dwarf* dwarf = dwfl_module_getdwarf(module, &loaded.bias)) loaded.info = std::make_unique<DebugInfo>(dwarf);
    }
    return {loaded.info.get(), loaded.bias};
  }

  std::vector<Place> look_up(std::uint64_t address) {
    Dwfl_Module* module = module_of(address);
    if (module == nullptr) return {};
    std::vector<Place> places;
    if (const auto [info, bias] = debug_info(module); info != nullptr) places = info->code(address - bias);
    if (places.empty()) places.emplace_back();
    if (places.back().function.empty()) {
      if (const char* name = dwfl_module_addrname(module, address)) places.back().function = shorten(demangle(name));
    }
    const char* file = dwfl_module_info(module, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr);
    for (Place& place : places) place.module = file != nullptr ? file : "";
    return places;
  }

  std::unique_ptr<Dwfl, decltype(&dwfl_end)> dwfl_;
  std::unordered_map<Dwfl_Module*, Loaded> loaded_;
  std::unordered_map<std::uint64_t, std::vector<Place>> code_;
  SourceText source_;
};

}  // namespace

std::unique_ptr<Symbols> process_symbols() { return std::make_unique<ProcessSymbols>(); }

}  // namespace racecourse::report
