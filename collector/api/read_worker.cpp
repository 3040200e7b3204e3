// SPDX-License-Identifier: Apache-2.0
#include "collector/api/read_worker.h"

#include <pthread.h>

#include <utility>

#include "collector/api/replies.h"

namespace assay::collector {
namespace {

constexpr Duration kIdleWait = std::chrono::hours{1};   // close() ends it at once

}  // namespace

ReadWorker::ReadWorker(StoreReader store, const Writer& writer, const Clock& clock, std::string public_key_hex)
    : store_(std::move(store)),
      writer_(writer),
      clock_(clock),
      public_key_hex_(std::move(public_key_hex)),
      started_(clock.now().wall),
      queue_(kWaiting) {
  thread_ = std::thread([this] {
    ::pthread_setname_np(::pthread_self(), "assay-reader");
    loop();
  });
}

ReadWorker::~ReadWorker() { stop(); }

void ReadWorker::ask(Question question, const net::Responder& respond) {
  if (queue_.try_push({std::move(question), respond})) return;
  respond(error_reply(503, "unavailable", "too many questions are waiting; try again in a few seconds"));
}

void ReadWorker::stop() {
  queue_.close();
  if (thread_.joinable()) thread_.join();
}

void ReadWorker::loop() {
  for (;;) {
    auto item = queue_.pop(kIdleWait);
    if (!item) {
      if (queue_.closed()) return;
      continue;
    }
    const auto fleet = writer_.snapshot();
    ReadContext context{store_, *fleet, public_key_hex_, started_, clock_.now().wall};
    item->respond(item->question(context));
  }
}

}  // namespace assay::collector
