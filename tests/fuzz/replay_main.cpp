// SPDX-License-Identifier: Apache-2.0
// Feeds every file of a corpus to a fuzz target once, without libFuzzer: what a fuzzer ever found stays found, in every build.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: PROGRAM CORPUS-FOLDER\n", stderr);
    return 64;
  }
  size_t count = 0;
  std::error_code problem;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[1], problem)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::vector<char> bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
    ++count;
  }
  std::printf("%zu inputs replayed\n", count);
  return count > 0 ? 0 : 1;   // an empty corpus tests nothing
}
