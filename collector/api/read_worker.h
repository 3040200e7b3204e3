// SPDX-License-Identifier: Apache-2.0
// The thread that answers questions: it owns a read-only connection to the store, so that neither the network nor the writer
// waits for a long list.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "collector/api/reads.h"
#include "collector/writer/writer.h"
#include "common/base/bounded_queue.h"
#include "common/net/https_server.h"

namespace assay::collector {

// What a question is answered with: from the context to a whole response.
using Question = std::function<net::Response(ReadContext&)>;

// Public functions are thread-safe.
class ReadWorker {
 public:
  static constexpr size_t kWaiting = 256;   // questions in the queue at most

  // `writer` and `clock` must outlive the worker.
  ReadWorker(StoreReader store, const Writer& writer, const Clock& clock, std::string public_key_hex);
  ~ReadWorker();  // stop()

  // Answers now or later; with 503 when too many are waiting or the worker has stopped.
  void ask(Question question, const net::Responder& respond);
  void stop();

 private:
  struct Item {
    Question question;
    net::Responder respond;
  };
  void loop();

  StoreReader store_;
  const Writer& writer_;
  const Clock& clock_;
  const std::string public_key_hex_;
  const WallTime started_;
  BoundedQueue<Item> queue_;
  std::thread thread_;
};

}  // namespace assay::collector
