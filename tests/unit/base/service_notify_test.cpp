// SPDX-License-Identifier: Apache-2.0
#include "common/base/service_notify.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/support/temp_dir.h"

namespace assay {
namespace {

// A service manager's end: a datagram socket at a path or an abstract name ('@').
UniqueFd listen_at(const std::string& name) {
  UniqueFd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  name.copy(address.sun_path, sizeof address.sun_path - 1);
  if (name.front() == '@') address.sun_path[0] = '\0';
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  EXPECT_EQ(::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), length), 0);
  return fd;
}

std::string heard(const UniqueFd& fd) {
  std::array<char, 256> text{};
  const ssize_t got = ::recv(fd.get(), text.data(), text.size(), MSG_DONTWAIT);
  return got < 0 ? "" : std::string(text.data(), static_cast<size_t>(got));
}

class ServiceNotify : public ::testing::Test {
 protected:
  ~ServiceNotify() override {
    for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) ::unsetenv(name);
  }
};

TEST_F(ServiceNotify, IsQuietOutsideAServiceManager) {
  ::unsetenv("NOTIFY_SOCKET");
  EXPECT_TRUE(notify_service("READY=1").ok());
}

TEST_F(ServiceNotify, ReachesAPathAndAnAbstractName) {
  const test::TempDir dir;
  for (const std::string& name : {(dir / "notify").string(), "@assay-test-" + std::to_string(::getpid())}) {
    const UniqueFd manager = listen_at(name);
    ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
    EXPECT_TRUE(notify_service("READY=1\nSTATUS=fine").ok()) << name;
    EXPECT_EQ(heard(manager), "READY=1\nSTATUS=fine");
  }
}

TEST_F(ServiceNotify, TellsWhenNobodyListensOrTheNameIsNoAddress) {
  ::setenv("NOTIFY_SOCKET", "/nowhere/notify", 1);
  EXPECT_EQ(notify_service("READY=1").error().code, ErrorCode::kUnavailable);
  ::setenv("NOTIFY_SOCKET", "relative", 1);
  EXPECT_EQ(notify_service("READY=1").error().code, ErrorCode::kInvalid);
  ::setenv("NOTIFY_SOCKET", ("/" + std::string(200, 'x')).c_str(), 1);
  EXPECT_EQ(notify_service("READY=1").error().code, ErrorCode::kInvalid);
}

TEST_F(ServiceNotify, WatchdogIntervalIsForThisProcessOnly) {
  EXPECT_FALSE(watchdog_interval().has_value());
  ::setenv("WATCHDOG_USEC", "1500000", 1);
  EXPECT_EQ(watchdog_interval(), Duration(std::chrono::milliseconds{1500}));
  ::setenv("WATCHDOG_PID", "1", 1);
  EXPECT_FALSE(watchdog_interval().has_value());
  ::setenv("WATCHDOG_PID", std::to_string(::getpid()).c_str(), 1);
  EXPECT_TRUE(watchdog_interval().has_value());
  for (const char* bad : {"0", "x", "-5", "99999999999999999999", ""}) {
    ::setenv("WATCHDOG_USEC", bad, 1);
    EXPECT_FALSE(watchdog_interval().has_value()) << bad;
  }
}

}  // namespace
}  // namespace assay
