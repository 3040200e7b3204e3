# SPDX-License-Identifier: Apache-2.0
# Which folder may include which (ARCHITECTURE.md, "The arrows"), and the one home of every third-party header.
import re

from cpp_text import SUFFIXES, line_of
from tree import Finding, Rule

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)

# Longest prefix wins. A folder may always include itself.
ARROWS = {
    "common/base/": [],
    "common/model/": ["common/base/"],
    "common/crypto/": ["common/base/"],
    "common/net/": ["common/base/", "common/crypto/"],
    "common/wire/": ["common/base/", "common/model/"],
    "probes/": ["common/base/", "common/model/", "probes/"],
    "probes/catalogue/": ["common/base/", "common/model/"],
    "probes/goldens/": ["common/base/", "common/model/"],
    "probes/reference/": ["common/base/", "common/model/", "probes/catalogue/"],
    "probes/backend/": ["common/base/", "common/model/", "probes/catalogue/", "probes/goldens/", "probes/runner/protocol.h"],
    "agent/": ["common/", "probes/catalogue/", "probes/goldens/", "probes/runner/protocol.h"],
    "collector/": ["common/", "probes/catalogue/", "probes/goldens/"],
    "ctl/": ["common/", "probes/catalogue/", "probes/goldens/", "probes/runner/protocol.h"],
    "tests/": ["common/", "probes/", "agent/", "collector/", "ctl/"],
}
# Written by the build, included by name alone.
GENERATED = {"assay_version.h": ("common/", "agent/", "collector/", "ctl/", "probes/", "tests/"),
             "golden_key.h": ("common/", "agent/", "collector/", "ctl/", "tests/"),
             "report.pb.h": ("common/wire/",)}

# Third-party headers: pattern, where they may be included, the words of the refusal. Tests may include what they test against.
HOMES = [
    (r"openssl/ssl\w*\.h|boost/.*", r"common/net/.*", "OpenSSL's SSL API and Boost live in common/net"),
    (r"openssl/.*", r"common/(crypto|net)/.*", "OpenSSL lives in common/crypto (and its SSL part in common/net)"),
    (r"google/protobuf/.*|.*\.pb\.h", r"common/wire/.*", "protobuf lives in common/wire"),
    (r"prometheus/.*", r"(agent|collector)/metrics\.cpp", "prometheus-cpp lives in the metrics.cpp of a daemon"),
    (r"sqlite3\.h", r"collector/store/.*|agent/spool\.cpp", "SQLite lives in collector/store and agent/spool.cpp"),
    (r"zlib\.h", r"probes/backend/host/zlib/kernel\.cpp", "zlib lives in probes/backend/host/zlib/kernel.cpp"),
    (r"nlohmann/.*", r".*\.cpp", "JSON headers are slow: include them in .cpp files only"),
    (r"CLI/.*", r"(agent|collector|ctl|probes)/.*\.cpp", "CLI11 is for the .cpp files of programs"),
    (r"toml\+\+/.*|toml\.hpp", r"(agent|collector|ctl)/config\w*\.cpp", "toml++ lives in the config.cpp of a program"),
    (r"dlfcn\.h", r"agent/telemetry/nvml/calls\.cpp|(probes|tests)/.*", "no daemon loads a driver's library: assay-nvml-reader and the runner do"),
    (r"(gtest|gmock|benchmark)/.*", r"tests/.*", "test libraries are for tests"),
    (r"cuda\.h", r"tests/gpu/driver_numbers_test\.cpp", "the driver is opened at run time: its numbers are in probes/backend/cuda/driver_api.h"),
    (r"spdlog/.*|cuda.*|nvml\.h|libpq.*", r"(?!)", "this library has no home yet: see docs/decisions"),
]
FREE_IN_TESTS = re.compile(r"(nlohmann|sqlite3|openssl|boost|gtest|gmock|benchmark|toml\+\+)")


def includes(tree):
    """(path, line, bracket, target) of every include."""
    for path, text in sorted(tree.matching(*SUFFIXES).items()):
        for match in _INCLUDE.finditer(text):
            yield path, line_of(text, match.start()), match.group(1), match.group(2)


def _home(path):
    homes = [prefix for prefix in ARROWS if path.startswith(prefix)]
    return max(homes, key=len) if homes else None


class Arrows(Rule):
    name = "arrows"

    def check(self, tree):
        found = []
        for path, line, bracket, target in includes(tree):
            home = _home(path)
            if home is None:
                found.append(Finding(path, line, "this folder has no place in the picture: add its arrows to tests/tidy/rules/arrows.py"))
            elif bracket == '"' and target in GENERATED:
                if not path.startswith(GENERATED[target]):
                    found.append(Finding(path, line, f"{target} is not for this folder"))
            elif bracket == '"' and "/" not in target:
                found.append(Finding(path, line, f'include "{target}" by its full path from the root'))
            elif bracket == '"' or target.startswith(tuple(ARROWS)):
                allowed = [home, *ARROWS[home]]
                if not target.startswith(tuple(allowed)):
                    found.append(Finding(path, line, f"{home} must not include {target}: it may include {', '.join(allowed)}"))
        return found

    def canaries(self):
        return {
            "base knows the domain": {"common/base/a.h": '#include "common/model/device.h"\n'},
            "collector includes agent": {"collector/a.cpp": '#include "agent/judge.h"\n'},
            "agent includes a backend": {"agent/a.cpp": '#include "probes/backend/host/kernel.h"\n'},
            "agent includes the runner's inside": {"agent/a.cpp": '#include "probes/runner/slice.h"\n'},
            "probes include net": {"probes/runner/a.cpp": '#include "common/net/http.h"\n'},
            "product includes tests": {"ctl/a.cpp": '#include "tests/support/temp_dir.h"\n'},
            "include without its path": {"agent/a.cpp": '#include "judge.h"\n'},
            "a folder nobody drew": {"extras/a.cpp": "#include <vector>\n"},
            "angle brackets do not hide it": {"collector/a.cpp": "#  include <agent/judge.h>\n"},
        }

    def fine(self):
        return {"protocol": {"agent/a.cpp": '#include "probes/runner/protocol.h"\n#include "agent/judge.h"\n#include <vector>\n'}}


class ThirdPartyHomes(Rule):
    name = "third_party"

    def check(self, tree):
        found = []
        for path, line, _, target in includes(tree):
            if path.startswith("tests/") and FREE_IN_TESTS.match(target):
                continue
            for pattern, home, words in HOMES:
                if re.fullmatch(pattern, target):
                    if not re.fullmatch(home, path):
                        found.append(Finding(path, line, f"<{target}> may not be included here: {words}"))
                    break
        return found

    def canaries(self):
        return {
            "SSL outside net": {"common/crypto/a.cpp": "#include <openssl/ssl.h>\n"},
            "Boost in a daemon": {"agent/main.cpp": "#include <boost/asio.hpp>\n"},
            "hash outside crypto": {"collector/audit.cpp": "#include <openssl/evp.h>\n"},
            "protobuf in the collector": {"collector/ingest.cpp": "#include <report.pb.h>\n"},
            "a second metrics file": {"agent/more_metrics.cpp": "#include <prometheus/counter.h>\n"},
            "zlib in another probe": {"probes/backend/host/crc32c/scalar.cpp": "#include <zlib.h>\n"},
            "SQLite in the api": {"collector/api/a.cpp": "#include <sqlite3.h>\n"},
            "JSON in a header": {"ctl/table.h": "#include <nlohmann/json.hpp>\n"},
            "toml in main": {"agent/main.cpp": "#include <toml++/toml.h>\n"},
            "a driver in the agent": {"agent/agent.cpp": "#include <dlfcn.h>\n"},
            "gtest in the product": {"agent/main.cpp": "#include <gtest/gtest.h>\n"},
            "a library without a home": {"agent/main.cpp": "#include <spdlog/spdlog.h>\n"},
        }
