// SPDX-License-Identifier: Apache-2.0
#include "common/net/unix_socket.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <thread>

#include "tests/support/temp_dir.h"

namespace assay::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Accepts one caller, reads its line, writes `reply`; with keep_open it then waits for the caller to go.
std::string serve_once(int listener, const std::string& reply, bool keep_open = false) {
  pollfd item{listener, POLLIN, 0};
  if (::poll(&item, 1, 5000) != 1) return "nobody came";
  const UniqueFd peer(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
  std::string line;
  char c = 0;
  while (::read(peer.get(), &c, 1) == 1 && c != '\n') line.push_back(c);
  const std::string_view bytes = reply;
  for (size_t sent = 0; sent < bytes.size();) {
    const ssize_t put = ::send(peer.get(), bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (put <= 0) break;
    sent += static_cast<size_t>(put);
  }
  if (keep_open) {
    pollfd gone{peer.get(), POLLIN, 0};
    ::poll(&gone, 1, 5000);
  }
  return line;
}

TEST(UnixSocket, CarriesOneLineAndOneReply) {
  const test::TempDir dir;
  const auto listener = listen_unix(dir / "agent.sock");
  ASSERT_TRUE(listener.ok()) << listener.error().message;
  std::string line;
  std::thread server([&] { line = serve_once(listener->get(), std::string(300'000, 'r')); });
  const auto reply = call_unix(dir / "agent.sock", R"({"request":"status"})", seconds(5));
  server.join();
  ASSERT_TRUE(reply.ok()) << reply.error().message;
  EXPECT_EQ(reply->size(), 300'000U);
  EXPECT_EQ(line, R"({"request":"status"})");
}

TEST(UnixSocket, FileIsForOwnerAndGroup) {
  const test::TempDir dir;
  const auto listener = listen_unix(dir / "agent.sock");
  ASSERT_TRUE(listener.ok());
  struct stat facts{};
  ASSERT_EQ(::stat((dir / "agent.sock").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0660U);
}

TEST(UnixSocket, NobodyListensIsUnavailable) {
  const test::TempDir dir;
  EXPECT_EQ(call_unix(dir / "agent.sock", "x", seconds(1)).error().code, ErrorCode::kUnavailable);
  {
    ASSERT_TRUE(listen_unix(dir / "agent.sock").ok());
  }
  const auto refused = call_unix(dir / "agent.sock", "x", seconds(1));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(refused.error().message.find("agent.sock"), std::string::npos);
}

TEST(UnixSocket, StaleFileIsReplacedLivingListenerIsNot) {
  const test::TempDir dir;
  {
    ASSERT_TRUE(listen_unix(dir / "agent.sock").ok());
  }
  const auto again = listen_unix(dir / "agent.sock");
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(listen_unix(dir / "agent.sock").error().code, ErrorCode::kConflict);
}

TEST(UnixSocket, OtherFilesAreLeftAlone) {
  const test::TempDir dir;
  ASSERT_TRUE(write_file_atomic(dir / "agent.sock", "precious").ok());
  EXPECT_EQ(listen_unix(dir / "agent.sock").error().code, ErrorCode::kConflict);
  EXPECT_EQ(*read_file(dir / "agent.sock", 100), "precious");
}

TEST(UnixSocket, LongPathIsInvalid) {
  EXPECT_EQ(listen_unix("/tmp/" + std::string(200, 'x')).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(call_unix("", "x", seconds(1)).error().code, ErrorCode::kInvalid);
}

TEST(UnixSocket, SilenceIsATimeout) {
  const test::TempDir dir;
  const auto listener = listen_unix(dir / "agent.sock");
  ASSERT_TRUE(listener.ok());
  EXPECT_EQ(call_unix(dir / "agent.sock", "x", milliseconds(50)).error().code, ErrorCode::kTimeout);
}

TEST(UnixSocket, EndlessReplyIsALimit) {
  const test::TempDir dir;
  const auto listener = listen_unix(dir / "agent.sock");
  ASSERT_TRUE(listener.ok());
  std::thread server([&] { serve_once(listener->get(), std::string(5 * 1024 * 1024, 'r')); });
  const auto reply = call_unix(dir / "agent.sock", "x", seconds(5));
  server.join();
  EXPECT_EQ(reply.error().code, ErrorCode::kLimit);
}

}  // namespace
}  // namespace assay::net
