# SPDX-License-Identifier: Apache-2.0
# Calls and constructs that the product does without, each with the reason that its refusal prints; and mutable globals.
import re

from cpp_text import SUFFIXES, code_of, line_of, scan
from tree import Finding, Rule

CALL = r"(?<![\w.>:])(?:std::|::)?"
EVERYWHERE, PRODUCT = "everywhere", "product"  # product: not in tests/

BANNED = [
    (CALL + r"(system|popen)\s*\(", EVERYWHERE, "no shell: use common/base/subprocess.h"),
    (CALL + r"(fork|vfork|posix_spawnp?|exec[lv]p?e?)\s*\(", PRODUCT, "children are started by common/base/subprocess.h alone"),
    (r"\b(sleep_for|sleep_until)\b|" + CALL + r"(usleep|nanosleep|clock_nanosleep|sleep)\s*\(", PRODUCT,
     "no sleeping: wait on a descriptor, a condition or a queue with a deadline, so that the loop can be stopped"),
    (CALL + r"(strto[dfl]d?|atof|atoi|atol|sto[dfil]|stoul|stoull|stoll|stold)\s*\(", PRODUCT, "depends on the locale or throws: use common/base/parse.h"),
    (CALL + r"setlocale\s*\(|\bstd::locale\b", PRODUCT, "numbers never depend on the locale"),
    (CALL + r"(sprintf|vsprintf|strcpy|strcat|gets)\s*\(", EVERYWHERE, "unbounded: use fmt::format"),
    (r"(?<![\w.>])(?:std::)time\s*\(|(?<![\w.>:])time\s*\(\s*(?:nullptr|NULL|0)\s*\)|\bgettimeofday\s*\(|\bsystem_clock::now\b", PRODUCT,
     "time comes through common/base/clock.h"),
    (r"\bstd::(expected|format|print)\b", EVERYWHERE, "g++ 12 does not have it: use Result and fmt"),
    (r"\bstd::atomic\s*<\s*std::shared_ptr\b", EVERYWHERE, "a data race under g++ 12: publish through a mutex-guarded holder"),
    (r"\bthrow\b(?!\s*\()", PRODUCT, "errors are Result, bugs are ASSAY_CHECK, findings are values"),
    (CALL + r"s?rand\s*\(", EVERYWHERE, "use common/base/random.h with a seed"),
    (r"__attribute__\s*\(\(\s*constructor|\[\[gnu::constructor", EVERYWHERE, "no static registration: write the table"),
    (r"\busing\s+namespace\b", "headers", "no using namespace in headers"),
]
# (path, call): why it may stand.
ALLOWED = {
    ("common/base/subprocess.cpp", "fork"): "the one place that starts children",
    ("common/base/subprocess.cpp", "execve"): "the one place that starts children",
    ("common/base/clock.cpp", "system_clock::now"): "the one place that reads the wall clock",
}


def _applies(scope, path):
    if scope == "headers":
        return path.endswith(".h")
    return scope == EVERYWHERE or not path.startswith("tests/")


class BannedCalls(Rule):
    name = "banned"

    def check(self, tree):
        found = []
        for path, text in sorted(tree.matching(*SUFFIXES).items()):
            code = code_of(text)
            for pattern, scope, reason in BANNED:
                if not _applies(scope, path):
                    continue
                for match in re.finditer(pattern, code):
                    call = match.group(0).strip(" (:").removeprefix("std::")
                    if (path, call) not in ALLOWED:
                        found.append(Finding(path, line_of(code, match.start()), f"'{call}': {reason}"))
        for path, text in sorted(tree.texts.items()):
            if path.endswith((".cmake", "CMakeLists.txt", "CMakePresets.json")) and re.search(r"-ffast-math|-Ofast", text):
                found.append(Finding(path, 1, "fast-math changes result bits"))
        return found

    def canaries(self):
        lines = {
            "shell": "int f() { return std::system(\"x\"); }", "popen": "auto p = popen(x, y);", "sleep": "void f() { for (;;) ::usleep(5); }",
            "sleep_for": "std::this_thread::sleep_for(x);", "strtod": "double d = strtod(p, q);", "stod": "double d = std::stod(s);",
            "locale": "setlocale(LC_ALL, x);", "wall clock": "auto t = std::chrono::system_clock::now();", "time": "auto t = time(nullptr);",
            "std::format": "auto s = std::format(x);", "atomic shared_ptr": "std::atomic<std::shared_ptr<int>> p;", "throw": "void f() { throw X(); }",
            "rand": "int x = rand();", "fork": "int p = fork();", "constructor": "[[gnu::constructor]] void f();",
        }
        planted = {name: {"agent/a.cpp": line + "\n"} for name, line in lines.items()}
        planted["using namespace in a header"] = {"agent/a.h": "using namespace std;\n"}
        planted["fast math"] = {"agent/CMakeLists.txt": "target_compile_options(x PRIVATE -ffast-math)\n"}
        planted["shell in a test"] = {"tests/e2e/a.cpp": "int f() { return system(x); }\n"}
        return planted

    def fine(self):
        return {"words that only look like it": {"agent/a.cpp": '// sleep() and system() are banned\nauto s = "popen(x)";\nint y = clock.time(0);\n'
                                                 "runner.system(x); auto t = uptime(0); void no() noexcept; int operand(int);\n"}}


# (path, name): why this one may stand.
MUTABLE = {
    ("common/base/log.cpp", "g_level"): "the one process-wide setting, atomic, set before threads start",
    ("tests/unit/cuda/fake_gpu.cpp", "gpu"): "the driver's functions take no context: the fake one behind them is found here",
    ("tests/unit/cuda/launcher_test.cpp", "made"): "words that take long to make, kept for all tests of the program",
}
_NOT_A_VARIABLE = re.compile(r"^(using|typedef|class|struct|enum|union|template|extern|static_assert|friend|namespace|return|public|private|protected|concept|export|asm|goto)\b")
_CONSTANT = re.compile(r"\b(const|constexpr|constinit const)\b")
_VARIABLE = re.compile(r"^(?:(?:static|inline|thread_local|constinit|volatile|unsigned|signed)\s+)*[A-Za-z_][\w:]*(?:\s*<.*>)?[\s*&]+([A-Za-z_]\w*)\s*(\[[^\]]*\]\s*)*(=.*|\{.*\})?$")
_LOCAL_STATIC = re.compile(r"\bstatic\s+(?!const\b|constexpr\b|_cast|assert)(?!thread_local\s+const)([^;(){}=]*?)([A-Za-z_]\w*)\s*(?:=|;|\{|\()")


class MutableGlobals(Rule):
    name = "globals"

    def check(self, tree):
        found = []
        for path, text in sorted(tree.matching(*SUFFIXES).items()):
            functions, statements = scan(text)
            for statement in statements:
                name = self._variable(statement.text)
                if name and (path, name) not in MUTABLE:
                    found.append(Finding(path, statement.line, f"'{name}' is a mutable global: give it to an owner"))
            for function in functions:
                for match in _LOCAL_STATIC.finditer(function.body):
                    if "const" not in match.group(1) and (path, match.group(2)) not in MUTABLE:
                        found.append(Finding(path, function.first_line, f"'{match.group(2)}' is a mutable static of a function: give it to an owner"))
        return found

    @staticmethod
    def _variable(statement):
        text = re.sub(r"\[\[[^\]]*\]\]|alignas\s*\([^)]*\)", "", statement).strip()
        if _NOT_A_VARIABLE.match(text) or _CONSTANT.search(text.split("=")[0]):
            return None
        if "(" in text.split("=")[0].split("{")[0]:
            return None
        match = _VARIABLE.match(text)
        return match.group(1) if match else None

    def canaries(self):
        lines = {"plain": "int g_count = 0;", "without a value": "std::string last_error;", "static": "static std::map<int, int> cache;",
                 "braces": "std::atomic<int> g{0};", "inside a function": "int next() { static int n = 0; return ++n; }",
                 "array": "char buffer[10];"}
        planted = {name: {"agent/a.cpp": f"namespace assay {{\n{line}\n}}\n"} for name, line in lines.items()}
        planted["inline in a header"] = {"agent/a.h": "inline int g_mode = 1;\n"}
        return planted

    def fine(self):
        return {"constants and functions": {"agent/a.cpp": "namespace assay {\nconstexpr int kA = 1;\nconst std::string kB = f();\nint f(int a = 3);\n"
                                            "inline constexpr char kC[] = \"x\";\nusing A = int;\nenum class E { kA = 1, kB };\nstruct S { int x = 0; };\n"
                                            "constexpr std::array kT = {T{1, 2}, T{3, 4}};\nint g() { static const int n = f(); return n; }\n"
                                            "Result<int> h();\nauto operator<=>(const S&, const S&) = default;\n}\n"}}
