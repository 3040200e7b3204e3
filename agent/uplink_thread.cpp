// SPDX-License-Identifier: Apache-2.0
#include "agent/uplink_thread.h"

#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "agent/enrolment.h"
#include "common/net/https_client.h"
#include "common/wire/report_wire.h"

namespace assay::agent {
namespace {

// The kept connection, made anew when the identity or the address changes.
class Caller {
 public:
  UplinkReply perform(const UplinkJob& job) {
    UplinkReply reply;
    reply.kind = job.kind;
    const Status done = job.kind == JobKind::kEnrol ? enrol_now(job, reply) : call_as_agent(job, reply);
    if (!done.ok()) reply.error = done.error();
    return reply;
  }

 private:
  Status enrol_now(const UplinkJob& job, UplinkReply& reply) {
    take(TRY(enrol(job.url, job.token, job.node, UplinkThread::kCallTimeout)), reply);
    return {};
  }

  Status call_as_agent(const UplinkJob& job, UplinkReply& reply) {
    TRY(connect_as(job));
    if (job.kind == JobKind::kRenew) {
      take(TRY(renew(*client_, job.node, job.credentials->ca_pem)), reply);
      return {};
    }
    net::CallOptions call;
    call.method = "POST";
    call.target = "/v1/report";
    call.content_type = wire::kContentType;
    call.body = job.body;
    net::Response response = TRY(client_->call(call));
    reply.status = response.status;
    reply.body = std::move(response.body);
    return {};
  }

  static void take(Issued issued, UplinkReply& reply) {
    reply.status = issued.status;
    reply.body = std::move(issued.message);
    reply.credentials = std::move(issued.credentials);
  }

  Status connect_as(const UplinkJob& job) {
    if (client_ && job.credentials == credentials_ && job.url == url_) return {};
    client_.reset();
    net::ClientOptions options;
    options.url = job.url;
    options.ca_pem = job.credentials->ca_pem;
    options.identity = job.credentials->identity;
    options.timeout = UplinkThread::kCallTimeout;
    client_ = TRY(net::HttpsClient::make(options));
    credentials_ = job.credentials;
    url_ = job.url;
    return {};
  }

  std::optional<net::HttpsClient> client_;
  std::shared_ptr<const Credentials> credentials_;
  std::string url_;
};

}  // namespace

UplinkThread::UplinkThread(UniqueFd ready) : ready_(std::move(ready)), thread_([this] { run(); }) {
  ::pthread_setname_np(thread_.native_handle(), "uplink");
}

Result<std::unique_ptr<UplinkThread>> UplinkThread::start() {
  UniqueFd ready(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  if (!ready.valid()) return errno_error(errno, "eventfd");
  return std::unique_ptr<UplinkThread>(new UplinkThread(std::move(ready)));
}

UplinkThread::~UplinkThread() {
  jobs_.close();
  if (thread_.joinable()) thread_.join();
}

void UplinkThread::run() {
  Caller caller;
  for (;;) {
    const auto job = jobs_.pop(std::chrono::hours{1});
    if (!job && jobs_.closed()) break;
    if (!job) continue;
    replies_.try_push(caller.perform(*job));
    const uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(ready_.get(), &one, sizeof one);
  }
  ended_.try_push(0);
}

std::optional<UplinkReply> UplinkThread::take() {
  uint64_t count = 0;
  [[maybe_unused]] const ssize_t got = ::read(ready_.get(), &count, sizeof count);
  return replies_.try_pop();
}

bool UplinkThread::stop(Duration patience) {
  jobs_.close();
  if (!ended_.pop(patience)) return false;
  if (thread_.joinable()) thread_.join();
  return true;
}

}  // namespace assay::agent
