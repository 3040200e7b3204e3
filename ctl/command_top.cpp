// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "ctl/commands.h"
#include "ctl/event_feed.h"
#include "ctl/render.h"
#include "ctl/top_frame.h"

namespace assay::ctl {
namespace {

constexpr size_t kEventsKept = 200;
constexpr uint64_t kEventsAtStart = 10;

struct TopOptions {
  std::string length;
  std::string interval;
  bool once = false;
};

// Reads the collector into `input`; `fresh` are the events that came since.
Status refresh(Api& api, EventFeed& feed, TopInput& input, std::vector<JsonValue>& fresh) {
  const std::string status = TRY(api.get("/v1/status"));
  const std::string devices = TRY(api.get("/v1/devices"));
  fresh = TRY(feed.next());
  input.status = TRY(parse_json_object(status));
  input.devices = TRY(parse_json_object(devices));
  for (const JsonValue& event : fresh) input.events.push_back(event);
  while (input.events.size() > kEventsKept) input.events.pop_front();
  return {};
}

// Paints pictures over each other on a terminal; elsewhere prints event lines as they come and a table now and then.
class TopScreen {
 public:
  TopScreen(Invocation& invocation, Duration table_interval) : invocation_(invocation), table_interval_(table_interval) {}

  void draw(const TopInput& input, const std::vector<JsonValue>& fresh, bool last) {
    Console& console = invocation_.console();
    const View view = invocation_.view();
    if (invocation_.json()) {
      TopInput line = input;
      line.events.assign(fresh.begin(), fresh.end());
      console.out(top_json(line) + "\n");
    } else if (console.out_is_terminal()) {
      const std::string frame = top_frame(input, view, console.rows());
      const std::string over = lines_ == 0 ? "" : fmt::format("\x1b[{}A\r\x1b[J", lines_);
      console.out(over + frame);
      lines_ = static_cast<size_t>(std::count(frame.begin(), frame.end(), '\n'));
    } else {
      print_lines(input, view, fresh, last);
    }
  }

 private:
  void print_lines(const TopInput& input, const View& view, const std::vector<JsonValue>& fresh, bool last) {
    std::string text;
    for (const JsonValue& event : fresh) text += event_line(event, view) + "\n";
    const MonoTime now = invocation_.now().mono;
    if (last || !next_table_ || now >= *next_table_) {
      TopInput table = input;
      table.events.clear();
      text += top_frame(table, view, 0);
      next_table_ = now + table_interval_;
    }
    if (!text.empty()) invocation_.console().out(text);
  }

  Invocation& invocation_;
  Duration table_interval_;
  size_t lines_ = 0;
  std::optional<MonoTime> next_table_;
};

Result<ExitCode> top(Invocation& invocation, const TopOptions& options) {
  const bool terminal = invocation.console().out_is_terminal();
  Duration interval = std::chrono::seconds{1};
  Duration table_interval = std::chrono::seconds{5};
  if (!options.interval.empty()) {
    interval = TRY(parse_patience(options.interval));
    table_interval = interval;
  }
  // Lines of events should not wait for the next table.
  if (!terminal && !invocation.json()) interval = std::min<Duration>(interval, std::chrono::seconds{1});
  std::optional<MonoTime> until;
  if (!options.length.empty()) until = invocation.now().mono + TRY(parse_patience(options.length));

  Api* api = TRY(invocation.api());
  EventFeed feed = TRY(EventFeed::with_last(*api, kEventsAtStart));
  TopInput input;
  std::vector<JsonValue> fresh;
  TRY(refresh(*api, feed, input, fresh));
  TopScreen screen(invocation, table_interval);
  screen.draw(input, fresh, options.once);
  while (!options.once && !invocation.console().reader_gone()) {
    const MonoTime now = invocation.now().mono;
    if (until && now >= *until) break;
    if (!invocation.shell().pause.wait(until ? std::min<Duration>(interval, *until - now) : interval)) break;
    fresh.clear();
    const Status read = refresh(*api, feed, input, fresh);
    if (!read.ok() && read.error().code == ErrorCode::kPermission) return read.error();
    input.trouble = read.ok() ? "" : read.error().message;
    if (!read.ok() && !terminal) invocation.note(input.trouble);
    screen.draw(input, fresh, until && invocation.now().mono >= *until);
  }
  return ExitCode::kFine;
}

}  // namespace

void add_top_command(CommandNode root) {
  const auto options = std::make_shared<TopOptions>();
  CommandNode command = root.add("top", "live table of devices with the last events; Ctrl-C ends it");
  command.text("--for", options->length, "end after this time (30s; a plain number is seconds)");
  command.text("--interval", options->interval, "time between two pictures (1s); where there is no terminal, between two tables (5s)");
  command.flag("--once", options->once, "one picture, then end");
  command.does([options](Invocation& invocation) { return top(invocation, *options); });
}

}  // namespace assay::ctl
