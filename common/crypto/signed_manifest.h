// SPDX-License-Identifier: Apache-2.0
// A set of files under one signature: a manifest of SHA-256 sums (as sha256sum prints them) and an Ed25519 signature
// over its bytes.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace assay::crypto {

// Checks that `signature_hex` is the key's signature over the exact manifest bytes, and that every line's file is in
// `files` (name -> bytes) with that sum, and that no file is unlisted. kPermission for a bad or missing signature,
// kCorrupt naming the file otherwise.
Status verify_manifest(std::string_view manifest, std::string_view signature_hex, std::string_view public_hex,
                       const std::map<std::string, std::string>& files);

}  // namespace assay::crypto
