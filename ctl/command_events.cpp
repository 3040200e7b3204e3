// SPDX-License-Identifier: Apache-2.0
#include "ctl/commands.h"
#include "ctl/event_feed.h"
#include "ctl/render.h"

namespace assay::ctl {
namespace {

constexpr std::chrono::milliseconds kInterval{500};

struct EventOptions {
  std::optional<uint64_t> after;
  uint64_t last = 50;
  bool follow = false;
};

void print(Invocation& invocation, const std::vector<JsonValue>& events) {
  std::string text;
  const View view = invocation.view();
  for (const JsonValue& event : events) text += (invocation.json() ? event.dump() : event_line(event, view)) + "\n";
  if (!text.empty()) invocation.console().out(text);
}

Result<ExitCode> show_events(Invocation& invocation, const EventOptions& options) {
  Api* api = TRY(invocation.api());
  EventFeed feed = options.after ? EventFeed(*api, *options.after) : TRY(EventFeed::with_last(*api, options.last));
  print(invocation, TRY(feed.next()));
  bool reachable = true;
  while (options.follow && !invocation.console().reader_gone() && invocation.shell().pause.wait(kInterval)) {
    const auto events = feed.next();
    if (events) {
      print(invocation, *events);
    } else if (events.error().code == ErrorCode::kPermission) {
      return events.error();
    } else if (reachable) {
      invocation.note(events.error().message + "; still trying");
    }
    reachable = events.ok();
  }
  return ExitCode::kFine;
}

}  // namespace

void add_events_command(CommandNode root) {
  const auto options = std::make_shared<EventOptions>();
  CommandNode events = root.add("events", "what happened, one line each; --json prints one object a line");
  events.flag("--follow,-f", options->follow, "go on with new events until Ctrl-C");
  events.number("--last", options->last, "begin with so many of the newest (50)");
  events.number("--after", options->after, "begin after the event of this number");
  events.does([options](Invocation& invocation) { return show_events(invocation, *options); });
}

}  // namespace assay::ctl
