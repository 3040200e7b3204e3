// SPDX-License-Identifier: Apache-2.0
// Every command and every exit code is in the reference, the man page and the completion.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "common/base/file.h"
#include "ctl/command.h"
#include "tests/contract/ctl/documents.h"

namespace assay::ctl::test {
namespace {

using ::testing::HasSubstr;

std::string text_of(const char* path) { return read_file(source_dir() / path, 1 << 20).value(); }

// The page as a reader sees its words: escaped hyphens plain, quotes of macro arguments gone.
std::string man_words() {
  std::string words;
  for (const char c : text_of("packaging/man/assayctl.1")) {
    if (c != '\\' && c != '"') words += c;
  }
  return words;
}

TEST(CommandDocs, EveryCommandIsInTheReferenceTheManPageAndTheCompletion) {
  const std::string reference = text_of("docs/reference/cli.md");
  const std::string man = man_words();
  const std::string completion = text_of("packaging/completion/assayctl.bash");
  for (const std::string& command : command_names()) {
    EXPECT_THAT(reference, HasSubstr("| `" + command));
    EXPECT_THAT(man, HasSubstr("assayctl " + command));
    const std::string last = command.substr(command.rfind(' ') == std::string::npos ? 0 : command.rfind(' ') + 1);
    EXPECT_THAT(completion, HasSubstr(last));
  }
}

TEST(CommandDocs, ExitCodesAreThoseOfTheReference) {
  const std::string reference = text_of("docs/reference/exit-codes.md");
  for (const auto& [code, name] : std::vector<std::pair<ExitCode, const char*>>{{ExitCode::kFine, "fine"},
                                                                                {ExitCode::kFinding, "finding"},
                                                                                {ExitCode::kUnknown, "unknown"},
                                                                                {ExitCode::kUsage, "usage"},
                                                                                {ExitCode::kUnavailable, "unavailable"},
                                                                                {ExitCode::kNotPermitted, "not permitted"},
                                                                                {ExitCode::kConfig, "config"}}) {
    EXPECT_THAT(reference, HasSubstr(fmt::format("| {} | {} |", static_cast<int>(code), name)));
  }
}

TEST(CommandDocs, EverySettingIsInTheReferenceAndTheManPage) {
  const std::string reference = text_of("docs/reference/cli.md");
  const std::string man = man_words();
  for (const char* flag : {"--collector", "--token-file", "--ca", "--cert", "--key", "--config", "--agent-socket", "--runner", "--goldens", "--timeout",
                           "--json", "--no-color"}) {
    EXPECT_THAT(reference, HasSubstr(flag));
    EXPECT_THAT(man, HasSubstr(flag));
  }
}

}  // namespace
}  // namespace assay::ctl::test
