// SPDX-License-Identifier: Apache-2.0
// The tree of subcommands and their options, as commands declare it. Only command_tree.cpp knows the library behind it, which throws and
// takes seconds to compile.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ctl/command.h"

namespace CLI {
class App;
}

namespace assay::ctl {

// One command. Copyable, points into its tree. The variables that options write to must live as long as the command's action: keep both in
// one shared_ptr. An option's name is "--long" or "--long,-l"; a name without dashes is positional. A command with subcommands needs one of them.
class CommandNode {
 public:
  CommandNode add(const std::string& name, const std::string& help);
  // What is to be done when this command was given.
  void does(Action action);

  CommandNode& flag(const std::string& name, bool& into, const std::string& help);
  CommandNode& text(const std::string& name, std::string& into, const std::string& help);
  CommandNode& required_text(const std::string& name, std::string& into, const std::string& help);
  CommandNode& required_choice(const std::string& name, std::string& into, const std::string& help, std::vector<std::string> choices);
  // Whole numbers of 0 or more; count: of 1 or more.
  CommandNode& number(const std::string& name, uint32_t& into, const std::string& help);
  CommandNode& number(const std::string& name, uint64_t& into, const std::string& help);
  CommandNode& number(const std::string& name, std::optional<uint32_t>& into, const std::string& help);
  CommandNode& number(const std::string& name, std::optional<uint64_t>& into, const std::string& help);
  CommandNode& count(const std::string& name, uint32_t& into, const std::string& help);
  CommandNode& count(const std::string& name, std::optional<uint32_t>& into, const std::string& help);
  CommandNode& count(const std::string& name, std::optional<uint64_t>& into, const std::string& help);

 private:
  friend class CommandTree;
  CommandNode(CLI::App& app, Action& chosen) : app_(&app), chosen_(&chosen) {}
  CLI::App* app_;
  Action* chosen_;
};

// The whole program's command line. Options of the root may stand before or after the subcommand.
class CommandTree {
 public:
  CommandTree(const std::string& name, const std::string& about, const std::string& version, const std::string& footer);
  CommandTree(const CommandTree&) = delete;
  CommandTree& operator=(const CommandTree&) = delete;
  ~CommandTree();

  CommandNode root();

  // What a command line came to: an action, or text to print instead (help, version).
  struct Parsed {
    Action action;
    std::string print;
  };
  // Arguments without argv[0]. kInvalid, in one line that names the help to read.
  Result<Parsed> parse(std::vector<std::string> arguments);
  // Every command that does something, as it is typed ("quarantine release"), in the order of the help.
  std::vector<std::string> names() const;

 private:
  std::unique_ptr<CLI::App> app_;
  std::unique_ptr<Action> chosen_;
  std::string version_;
};

}  // namespace assay::ctl
