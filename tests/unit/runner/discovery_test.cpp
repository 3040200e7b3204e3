// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/discovery.h"

#include <fmt/format.h>

#include "common/base/file.h"
#include "probes/backend/host/cpu_info.h"
#include "tests/support/temp_dir.h"

namespace assay::probes::host {
namespace {

// A made-up /sys and /proc.
class Tree {
 public:
  void file(std::string_view path, std::string_view content) {
    const auto target = FsRoot(dir_.path()).resolve(path);
    ASSERT_TRUE(make_directory(target.parent_path()).ok());
    ASSERT_TRUE(write_file_atomic(target, content).ok());
  }
  void topology(uint32_t cpu, int package, uint32_t core, std::string_view siblings) {
    const std::string folder = fmt::format("/sys/devices/system/cpu/cpu{}/topology/", cpu);
    file(folder + "physical_package_id", fmt::format("{}\n", package));
    file(folder + "core_id", fmt::format("{}\n", core));
    file(folder + "core_cpus_list", fmt::format("{}\n", siblings));
  }
  std::vector<Device> discover(bool synthetic = false, std::string node = "rack1-n7") const {
    return discover_host(FsRoot(dir_.path()), {std::move(node), synthetic});
  }

 private:
  test::TempDir dir_;
};

std::string x86_cpu(uint32_t cpu, std::string_view vendor, int family, int model, std::string_view name, int package, int core) {
  return fmt::format(
      "processor\t: {}\nvendor_id\t: {}\ncpu family\t: {}\nmodel\t\t: {}\nmodel name\t: {}\nstepping\t: 1\nmicrocode\t: 0xa101148\n"
      "physical id\t: {}\ncore id\t\t: {}\nflags\t\t: fpu vme de\npower management: ts ttp\n\n",
      cpu, vendor, family, model, name, package, core);
}

// Two sockets, two cores each, two threads a core: cpus 0-3 are first threads, 4-7 their siblings.
void make_epyc(Tree& tree) {
  std::string info;
  for (uint32_t cpu = 0; cpu < 8; ++cpu) {
    const int package = static_cast<int>(cpu % 4 / 2);
    tree.topology(cpu, package, cpu % 2, fmt::format("{},{}", cpu % 4, cpu % 4 + 4));
    info += x86_cpu(cpu, "AuthenticAMD", 25, 17, "AMD EPYC 9654 96-Core Processor", package, static_cast<int>(cpu % 2));
  }
  tree.file("/proc/cpuinfo", info);
  tree.file("/sys/devices/system/cpu/online", "0-7\n");
}

TEST(Discovery, TwoSocketsWithHyperThreadsGiveTwoDevicesOfFirstThreads) {
  Tree tree;
  make_epyc(tree);
  const auto devices = tree.discover();
  ASSERT_EQ(devices.size(), 2U);
  EXPECT_EQ(devices[0].id, "cpu-rack1-n7-s0");
  EXPECT_EQ(devices[1].id, "cpu-rack1-n7-s1");
  EXPECT_FALSE(devices[0].identity_is_hardware);
  EXPECT_EQ(devices[0].units, (std::vector<uint32_t>{0, 1}));
  EXPECT_EQ(devices[1].units, (std::vector<uint32_t>{2, 3}));
  EXPECT_EQ(devices[1].socket, 1U);
  EXPECT_EQ(devices[0].model, "AMD EPYC 9654 96-Core Processor");
  EXPECT_EQ(devices[0].architecture, "x86_64/AuthenticAMD/25/17");
  EXPECT_EQ(devices[0].firmware, "0xa101148");
  EXPECT_TRUE(is_valid_name(devices[0].id));
}

TEST(Discovery, OfflineCpusAreLeftOutAndTheSiblingStandsIn) {
  Tree tree;
  make_epyc(tree);
  tree.file("/sys/devices/system/cpu/online", "1-7\n");
  const auto devices = tree.discover();
  EXPECT_EQ(devices[0].units, (std::vector<uint32_t>{1, 4}));
}

TEST(Discovery, TheCpusetOfTheProcessIsRespected) {
  Tree tree;
  make_epyc(tree);
  tree.file("/proc/self/status", "Name:\tassay\nCpus_allowed:\t0c\nCpus_allowed_list:\t2-3,6\n");
  const auto devices = tree.discover();
  ASSERT_EQ(devices.size(), 1U) << "no core of socket 0 may be used";
  EXPECT_EQ(devices[0].socket, 1U);
  EXPECT_EQ(devices[0].units, (std::vector<uint32_t>{2, 3}));
}

TEST(Discovery, AProcessorThatTellsItsSerialNumberIsNamedByIt) {
  Tree tree;
  tree.file("/proc/cpuinfo", x86_cpu(0, "GenuineIntel", 6, 143, "Intel(R) Xeon(R) Platinum 8480+", 0, 0));
  tree.file("/sys/devices/system/cpu/online", "0\n");
  tree.topology(0, 0, 0, "0");
  tree.file("/sys/devices/system/cpu/cpu0/topology/ppin", "0x2b3c4d5e6f708192\n");
  tree.file("/sys/devices/system/cpu/cpu0/microcode/version", "0x2b000590\n");
  const auto devices = tree.discover();
  ASSERT_EQ(devices.size(), 1U);
  EXPECT_EQ(devices[0].id, "cpu-ppin-2b3c4d5e6f708192");
  EXPECT_TRUE(devices[0].identity_is_hardware);
  EXPECT_EQ(devices[0].architecture, "x86_64/GenuineIntel/6/143");
  EXPECT_EQ(devices[0].firmware, "0x2b000590");
  EXPECT_EQ(tree.discover(true)[0].id, "cpu-rack1-n7-s0") << "several agents on one machine must not share a device";
}

TEST(Discovery, AZeroOrUnreadableSerialNumberIsNone) {
  for (const std::string_view text : {"0x0\n", "", "n/a\n"}) {
    Tree tree;
    tree.file("/proc/cpuinfo", x86_cpu(0, "GenuineIntel", 6, 143, "Xeon", 0, 0));
    tree.file("/sys/devices/system/cpu/cpu0/topology/ppin", text);
    EXPECT_EQ(tree.discover().at(0).id, "cpu-rack1-n7-s0") << text;
  }
}

TEST(Discovery, ArmServersHaveAnArchitectureAndANameToo) {
  Tree tree;
  std::string info;
  for (uint32_t cpu = 0; cpu < 3; ++cpu) {
    info += fmt::format(
        "processor\t: {}\nBogoMIPS\t: 50.00\nFeatures\t: fp asimd\nCPU implementer\t: 0x41\nCPU architecture: 8\nCPU variant\t: 0x1\n"
        "CPU part\t: 0xd40\nCPU revision\t: 1\n\n", cpu);
    tree.topology(cpu, -1, cpu, fmt::format("{}", cpu));
  }
  tree.file("/proc/cpuinfo", info);
  tree.file("/sys/devices/system/cpu/online", "0-2\n");
  const auto devices = tree.discover();
  ASSERT_EQ(devices.size(), 1U);
  EXPECT_EQ(devices[0].architecture, "aarch64/0x41/0xd40/0x1");
  EXPECT_EQ(devices[0].model, "Arm Neoverse V1");
  EXPECT_EQ(devices[0].firmware, "");
  EXPECT_EQ(devices[0].socket, 0U);
  EXPECT_EQ(devices[0].units, (std::vector<uint32_t>{0, 1, 2}));
}

TEST(Discovery, WithoutSysTheTopologyOfCpuinfoIsUsed) {
  Tree tree;
  std::string info;
  for (uint32_t cpu = 0; cpu < 4; ++cpu) info += x86_cpu(cpu, "GenuineIntel", 6, 85, "Xeon", 0, static_cast<int>(cpu % 2));
  tree.file("/proc/cpuinfo", info);
  const auto devices = tree.discover();
  ASSERT_EQ(devices.size(), 1U);
  EXPECT_EQ(devices[0].units, (std::vector<uint32_t>{0, 1}));
}

TEST(Discovery, AnEmptyTreeHasNoDevices) { EXPECT_TRUE(Tree().discover().empty()); }

TEST(Discovery, ALongNodeNameStillGivesAValidId) {
  Tree tree;
  make_epyc(tree);
  const std::string a(128, 'a');
  std::string b = a;
  b.back() = 'b';
  const std::string id_a = tree.discover(false, a).at(0).id;
  EXPECT_TRUE(is_valid_name(id_a));
  EXPECT_NE(id_a, tree.discover(false, b).at(0).id);
}

TEST(Discovery, ALargeCpuinfoIsReadWhole) {
  Tree tree;
  std::string info;
  for (uint32_t cpu = 0; cpu < 1024; ++cpu) info += x86_cpu(cpu, "GenuineIntel", 6, 85, "Xeon", static_cast<int>(cpu / 512), static_cast<int>(cpu % 512));
  ASSERT_GT(info.size(), 128U * 1024);
  tree.file("/proc/cpuinfo", info);
  const auto devices = tree.discover();
  ASSERT_EQ(devices.size(), 2U);
  EXPECT_EQ(devices[1].units.size(), 512U);
}

TEST(Discovery, ThisMachineHasAtLeastOneCore) {
  const auto devices = discover_host(FsRoot(), {"here", false});
  ASSERT_FALSE(devices.empty());
  EXPECT_FALSE(devices[0].units.empty());
}

TEST(CpuInfo, NonsenseIsPassedOver) {
  EXPECT_TRUE(parse_cpu_info("").empty());
  EXPECT_TRUE(parse_cpu_info("no colon\nmodel name : before any processor\n").empty());
  const auto infos = parse_cpu_info("processor : 99999999999\nvendor_id : X\nprocessor : 1\nphysical id : -3\n");
  ASSERT_EQ(infos.size(), 1U);
  EXPECT_FALSE(infos.at(1).package.has_value());
  EXPECT_EQ(architecture_of(infos.at(1)), "unknown");
  EXPECT_EQ(model_of(infos.at(1)), "unknown");
}

}  // namespace
}  // namespace assay::probes::host
