// SPDX-License-Identifier: Apache-2.0
#include "ctl/command_tree.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include <fmt/format.h>

namespace assay::ctl {
namespace {

std::vector<const CLI::App*> children(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

// The deepest command that was given.
const CLI::App& deepest(const CLI::App& root) {
  const CLI::App* app = &root;
  while (!app->get_subcommands().empty()) app = app->get_subcommands().front();
  return *app;
}

// "assayctl quarantine release".
std::string full_name(const CLI::App& app) {
  return app.get_parent() == nullptr ? app.get_name() : full_name(*app.get_parent()) + " " + app.get_name();
}

// The library's words as ours: one line, first letter small, no full stop.
std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  while (!text.empty() && (text.back() == ' ' || text.back() == '.')) text.pop_back();
  const bool word = text.size() > 1 && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'a' && text[1] <= 'z';
  if (word) text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text;
}

void collect_names(const CLI::App& app, const std::string& prefix, std::vector<std::string>& names) {
  for (const CLI::App* sub : children(app)) {
    const std::string name = prefix.empty() ? sub->get_name() : prefix + " " + sub->get_name();
    if (children(*sub).empty()) {
      names.push_back(name);
    } else {
      collect_names(*sub, name, names);
    }
  }
}

}  // namespace

CommandNode CommandNode::add(const std::string& name, const std::string& help) {
  app_->require_subcommand(1);
  return {*app_->add_subcommand(name, help), *chosen_};
}

void CommandNode::does(Action action) {
  app_->callback([chosen = chosen_, action = std::move(action)] { *chosen = action; });
}

CommandNode& CommandNode::flag(const std::string& name, bool& into, const std::string& help) {
  app_->add_flag(name, into, help);
  return *this;
}

CommandNode& CommandNode::text(const std::string& name, std::string& into, const std::string& help) {
  app_->add_option(name, into, help);
  return *this;
}

CommandNode& CommandNode::required_text(const std::string& name, std::string& into, const std::string& help) {
  app_->add_option(name, into, help)->required();
  return *this;
}

CommandNode& CommandNode::required_choice(const std::string& name, std::string& into, const std::string& help, std::vector<std::string> choices) {
  app_->add_option(name, into, help)->required()->check(CLI::IsMember(std::move(choices)));
  return *this;
}

CommandNode& CommandNode::number(const std::string& name, uint32_t& into, const std::string& help) {
  app_->add_option(name, into, help)->check(CLI::NonNegativeNumber);
  return *this;
}

CommandNode& CommandNode::number(const std::string& name, uint64_t& into, const std::string& help) {
  app_->add_option(name, into, help)->check(CLI::NonNegativeNumber);
  return *this;
}

CommandNode& CommandNode::number(const std::string& name, std::optional<uint32_t>& into, const std::string& help) {
  app_->add_option(name, into, help)->check(CLI::NonNegativeNumber);
  return *this;
}

CommandNode& CommandNode::number(const std::string& name, std::optional<uint64_t>& into, const std::string& help) {
  app_->add_option(name, into, help)->check(CLI::NonNegativeNumber);
  return *this;
}

CommandNode& CommandNode::count(const std::string& name, uint32_t& into, const std::string& help) {
  app_->add_option(name, into, help)->check(CLI::PositiveNumber);
  return *this;
}

CommandNode& CommandNode::count(const std::string& name, std::optional<uint32_t>& into, const std::string& help) {
  app_->add_option(name, into, help)->check(CLI::PositiveNumber);
  return *this;
}

CommandNode& CommandNode::count(const std::string& name, std::optional<uint64_t>& into, const std::string& help) {
  app_->add_option(name, into, help)->check(CLI::PositiveNumber);
  return *this;
}

CommandTree::CommandTree(const std::string& name, const std::string& about, const std::string& version, const std::string& footer)
    : app_(std::make_unique<CLI::App>(about, name)), chosen_(std::make_unique<Action>()), version_(version) {
  app_->footer(footer);
  app_->set_version_flag("--version", version_);
  app_->fallthrough();
}

CommandTree::~CommandTree() = default;

CommandNode CommandTree::root() { return {*app_, *chosen_}; }

Result<CommandTree::Parsed> CommandTree::parse(std::vector<std::string> arguments) {
  std::reverse(arguments.begin(), arguments.end());   // the library takes them from the back
  try {
    app_->parse(arguments);
    return Parsed{*chosen_, ""};
  } catch (const CLI::CallForHelp&) {
    const CLI::App& app = deepest(*app_);
    return Parsed{nullptr, app.help(app.get_parent() == nullptr ? "" : full_name(*app.get_parent()))};
  } catch (const CLI::CallForVersion&) {
    return Parsed{nullptr, version_ + "\n"};
  } catch (const CLI::ParseError& problem) {
    return make_error(ErrorCode::kInvalid, fmt::format("{}; see {} --help", one_line(problem.what()), full_name(deepest(*app_))));
  }
}

std::vector<std::string> CommandTree::names() const {
  std::vector<std::string> names;
  collect_names(*app_, "", names);
  return names;
}

}  // namespace assay::ctl
