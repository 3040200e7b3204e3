// SPDX-License-Identifier: Apache-2.0
// libassay_opencl.so as the runner opens it: it needs no symbol of its opener, and exports its entry.
#include <dlfcn.h>

#include <string>

#include "probes/backend/device/accelerator.h"

namespace assay::probes::opencl {
namespace {

TEST(OpenclLibrary, GivesItsBackendToARunnerOfItsOwnBuild) {
  void* library = ::dlopen(ASSAY_OPENCL_LIBRARY, RTLD_NOW | RTLD_LOCAL);
  ASSERT_NE(library, nullptr) << ::dlerror();
  const auto entry = reinterpret_cast<device::BackendEntry>(::dlsym(library, device::kBackendSymbol));
  ASSERT_NE(entry, nullptr) << ::dlerror();
  EXPECT_EQ(entry(device::kBackendAbi + 1), nullptr);
  const auto* backend = entry(device::kBackendAbi);
  ASSERT_NE(backend, nullptr);
  EXPECT_EQ(backend->name(), "opencl");
  std::string detail;
  const Result<std::vector<Device>> devices = backend->devices(detail);
  ASSERT_TRUE(devices.ok()) << devices.error().message;
  for (const Device& device : *devices) {
    const auto open = backend->open(device.id, {});
    ASSERT_TRUE(open.ok()) << open.error().message;
    EXPECT_EQ((*open)->device().id, device.id);
    EXPECT_FALSE((*open)->offers().empty());
  }
}

}  // namespace
}  // namespace assay::probes::opencl
