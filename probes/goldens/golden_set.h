// SPDX-License-Identifier: Apache-2.0
// The committed goldens: the digest that each probe version must give on each operand set.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/base/digest.h"
#include "common/base/result.h"
#include "common/model/probe_spec.h"

namespace assay::probes {

// Digests of one probe version, indexed by operand set, and the Digest128 of the table for re-hashing before an
// accusation.
struct GoldenTable {
  std::vector<Digest> digests;
  Digest hash;
};
Digest hash_of(const std::vector<Digest>& digests);

// Immutable after load; safe to share between threads.
class GoldenSet {
 public:
  // Reads MANIFEST and every file it names from a folder: kNotFound, kCorrupt or kInvalid naming file and line. The
  // signature is not checked here (probes do not know cryptography): see manifest() and signature(), and agent/ and
  // collector/, which do.
  static Result<GoldenSet> load(const std::filesystem::path& folder);

  // nullptr when there is no golden for that version.
  const GoldenTable* find(const ProbeRef& probe) const;
  std::optional<Digest> find(const ProbeRef& probe, uint32_t operand_set) const;
  // The exact bytes of MANIFEST: one "sha256  file" line per golden file, as sha256sum prints it.
  const std::string& manifest() const { return manifest_; }
  // The content of MANIFEST.sig (128 hexadecimal digits), trimmed; empty when there is none.
  const std::string& signature() const { return signature_; }
  // Raw bytes of each file of the manifest by name, so that whoever checks the signature can check the hashes too.
  const std::map<std::string, std::string>& files() const { return files_; }

 private:
  std::map<ProbeRef, GoldenTable> tables_;
  std::map<std::string, std::string> files_;
  std::string manifest_;
  std::string signature_;
};

}  // namespace assay::probes
