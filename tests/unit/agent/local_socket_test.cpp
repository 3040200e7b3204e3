// SPDX-License-Identifier: Apache-2.0
#include "agent/local_socket.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <thread>

#include "common/net/unix_socket.h"
#include "tests/support/temp_dir.h"

namespace assay::agent {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST(LocalRequest, ReadsTheDocumentedRequests) {
  EXPECT_EQ(parse_local_request(R"({"request":"status"})")->kind, LocalRequest::Kind::kStatus);
  EXPECT_EQ(parse_local_request(R"({"request":"node_check","extra":1})")->kind, LocalRequest::Kind::kNodeCheck);
  const auto run = parse_local_request(R"({"request":"run","probe":"gemm.fp64.grid","unit":3,"operand_set":17,"runs":10})");
  ASSERT_TRUE(run.ok());
  EXPECT_EQ(run->run.probe, "gemm.fp64.grid");
  EXPECT_EQ(run->run.unit, 3U);
  EXPECT_EQ(run->run.operand_set, 17U);
  EXPECT_EQ(run->run.runs, 10U);
  EXPECT_EQ(run->run.variant, "");
  EXPECT_EQ(parse_local_request(R"({"request":"probes"})")->kind, LocalRequest::Kind::kProbes);
  EXPECT_EQ(parse_local_request(R"({"request":"run","probe":"aes.chain","variant":"avx2"})")->run.variant, "avx2");
}

TEST(LocalRequest, RefusesAnythingElseInOneLine) {
  for (const char* line : {"", "status", "[]", "{}", R"({"request":"reboot"})", R"({"request":"run"})", R"({"request":7})",
                           R"({"request":"run","probe":"a","unit":-1})", R"({"request":"run","probe":"a","runs":1.5})",
                           R"({"request":"run","probe":"a","unit":99999999999})", R"({"request":"run","probe":"a","variant":"AVX 2"})", "{\"request\":\"status\"", "\xff\xfe"}) {
    const auto request = parse_local_request(line);
    ASSERT_FALSE(request.ok()) << line;
    EXPECT_EQ(request.error().code, ErrorCode::kInvalid);
    EXPECT_EQ(request.error().message.find('\n'), std::string::npos);
  }
}

class LocalSocketTest : public testing::Test {
 protected:
  void SetUp() override {
    auto socket = LocalSocket::open(dir_ / "agent.sock");
    ASSERT_TRUE(socket.ok()) << socket.error().message;
    socket_ = std::move(*socket);
  }
  // Turns the socket's loop until `done`, answering each request with "answer to N".
  template <typename Done>
  void serve(Done done) {
    const MonoTime give_up = BootClock::now() + 20s;
    while (!done() && BootClock::now() < give_up) {
      std::vector<pollfd> fds;
      socket_->descriptors(fds);
      [[maybe_unused]] const int ready = ::poll(fds.data(), fds.size(), 20);
      for (const LocalRequest& request : socket_->advance(BootClock::now())) {
        ++requests_;
        socket_->answer(request.client, "answer", BootClock::now());
      }
    }
  }
  std::string ask(std::string line) {
    std::atomic<bool> done = false;
    std::string reply;
    std::thread client([&] {
      const auto got = net::call_unix(dir_ / "agent.sock", line, 15s);
      reply = got.ok() ? *got : got.error().message;
      done = true;
    });
    serve([&] { return done.load(); });
    client.join();
    return reply;
  }

  assay::test::TempDir dir_;
  std::unique_ptr<LocalSocket> socket_;
  int requests_ = 0;
};

TEST_F(LocalSocketTest, AnswersOneLineAndCloses) {
  EXPECT_EQ(ask(R"({"request":"status"})"), "answer\n");
  EXPECT_EQ(requests_, 1);
}

TEST_F(LocalSocketTest, AnswersNonsenseItself) {
  EXPECT_THAT(ask("nonsense"), HasSubstr(R"("code":"invalid")"));
  EXPECT_THAT(ask(std::string(10'000, 'x')), HasSubstr("at most 4096 bytes"));
  EXPECT_EQ(requests_, 0);
}

TEST_F(LocalSocketTest, SilentClientsAreDroppedAndTheirNumberIsBounded) {
  std::vector<UniqueFd> silent;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, (dir_ / "agent.sock").c_str(), sizeof address.sun_path - 1);
  for (size_t i = 0; i < LocalSocket::kClients + 4; ++i) {
    UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    ASSERT_TRUE(fd.valid());
    [[maybe_unused]] const int connected = ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    silent.push_back(std::move(fd));
  }
  const MonoTime now = BootClock::now();
  socket_->advance(now);
  std::vector<pollfd> fds;
  socket_->descriptors(fds);
  EXPECT_EQ(fds.size(), LocalSocket::kClients) << "the listener waits until there is room";
  EXPECT_LE(socket_->wake_at(), now + LocalSocket::kClientPatience);
  socket_->advance(now + 6s);
  socket_->advance(now + 12s);
  silent.clear();
  socket_->advance(now + 18s);
  EXPECT_EQ(ask(R"({"request":"status"})"), "answer\n");
}

TEST_F(LocalSocketTest, AnAnswerToAClientThatLeftIsDropped) {
  socket_->answer(12345, "nobody", BootClock::now());
  EXPECT_EQ(ask(R"({"request":"status"})"), "answer\n");
}

}  // namespace
}  // namespace assay::agent
