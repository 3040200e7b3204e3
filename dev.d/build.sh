# SPDX-License-Identifier: Apache-2.0
# The verbs that build, test and look after the sources.
# shellcheck shell=bash

readonly PROGRAMS=(assay-agent assay-nvml-reader assay-collector assay-probe-runner assayctl)
readonly TIERS=' unit contract sim e2e tidy bench fuzz '
JOBS="${ASSAY_JOBS:-$(nproc)}"

# ASSAY_CUDA_ARCHS=all compiles the CUDA kernels for every architecture, as what is given away wants; one is quicker.
configure() { # PRESET
  local options=()
  if [[ -n "${ASSAY_CUDA_ARCHS:-}" ]]; then options=("-DASSAY_CUDA_ARCHS=$ASSAY_CUDA_ARCHS"); fi
  run cmake --preset "$1" --log-level=WARNING "${options[@]}"
}

build_targets() { # PRESET [TARGET...]
  local preset="$1"
  shift
  if [[ $# -gt 0 ]]; then run cmake --build --preset "$preset" --parallel "$JOBS" --target "$@"; else run cmake --build --preset "$preset" --parallel "$JOBS"; fi
}

verb_build() {
  local preset="${1:-release}"
  case "$preset" in
    release | dev | tsan | coverage | probes) need build ;;
    lint | fuzz) need build lint ;;
    *) usage_error "there is no preset '$preset'" ;;
  esac
  configure "$preset"
  build_targets "$preset"
}

# Tests run from the sanitized build. End-to-end tests start the release programs (ASSAY_E2E_BIN_DIR of the dev preset), for their times
# and sizes are promises about what ships, and the probes' contract tests run in both: faults in all variants need the speed. One ctest run closes.
verb_test() {
  local filter=()
  if [[ $# -gt 0 ]]; then
    if [[ "$TIERS" == *" $1 "* ]]; then filter=(-L "^$1\$"); else filter=(-R "$1"); fi
  fi
  need build test
  configure release
  build_targets release "${PROGRAMS[@]}" assay_backends assay_fake_nvml assay-fake-runner assay-golden probe_contract_test outside_injector_test soak_test
  configure dev
  build_targets dev assay_tests
  # One more than there are cores: end-to-end tests wait more than they compute, and take turns.
  run ctest --preset dev --parallel "$((JOBS + 1))" --no-tests=error "${filter[@]}"
}

verb_check() {
  need test
  run python3 tests/tidy/tidy.py "$@"
}

verb_fmt() {
  need lint
  local files=() mode=(-i)
  if [[ "${1:-}" == --check ]]; then mode=(--dry-run --Werror); fi
  mapfile -t files < <(git ls-files --cached --others --exclude-standard -- '*.h' '*.cpp')
  if [[ ${#files[@]} -eq 0 ]]; then die 69 "git lists no sources here: run ./dev fmt in a clone"; fi
  run clang-format-19 "${mode[@]}" "${files[@]}"
}

verb_lint() {
  need build lint
  configure lint
  build_targets lint
}

verb_bench() {
  need build
  configure release
  local name program found=0
  name="${1:-}"
  build_targets release "${PROGRAMS[@]}" assay_benches
  for program in build/release/bench/bench_*; do
    if [[ ! -x "$program" || (-n "$name" && "$program" != *"/bench_$name") ]]; then continue; fi
    found=1
    run env ASSAY_BIN_DIR="$PWD/build/release/bin" ASSAY_SOURCE_DIR="$PWD" "$program"
  done
  if [[ $found == 0 ]] && ! dry_run; then
    die 64 "there is no benchmark '$name'; there are: $(printf '%s ' build/release/bench/bench_* | sed 's,build/release/bench/bench_,,g')"
  fi
}

verb_sim() {
  need build
  configure release
  build_targets release assay-sim
  run build/release/bin/assay-sim "$@"
}

verb_fuzz() {
  need build lint
  configure fuzz
  build_targets fuzz assay_fuzzers
  local name="${1:-}" seconds="${2:-60}"
  if [[ -z "$name" ]] || { ! dry_run && [[ ! -x "build/fuzz/fuzz/fuzz_$name" ]]; }; then
    die 64 "name a fuzzer; there are: $(printf '%s ' build/fuzz/fuzz/fuzz_* | sed 's,build/fuzz/fuzz/fuzz_,,g')"
  fi
  run mkdir -p "build/fuzz/corpus/$name"
  run "build/fuzz/fuzz/fuzz_$name" -max_total_time="$seconds" -artifact_prefix="build/fuzz/$name-" "build/fuzz/corpus/$name" "tests/fuzz/corpus/$name"
}

verb_golden() {
  need build
  local verb="${1:-verify}"
  if [[ "$verb" == --verify ]]; then verb=verify; fi
  case "$verb" in
    build)
      configure release
      build_targets release assay-golden
      run build/release/bin/assay-golden build probes/goldens "${@:2}"
      say "review the differences, then: ./dev golden sign KEY.pem"
      ;;
    verify)
      # Every variant against every golden, and every shape of fault planted: the goldens are right, and a wrong result is seen.
      configure release
      build_targets release assay-golden assay-probe-runner assayctl
      run build/release/bin/assay-golden verify probes/goldens "${@:2}"
      run build/release/bin/assayctl probe matrix --trials 2
      ;;
    sign)
      if [[ $# -ne 2 ]]; then usage_error "golden sign needs the key: ./dev golden sign KEY.pem"; fi
      run probes/tool/sign.sh "$2" probes/goldens
      ;;
    *) usage_error "golden takes build, verify or sign, not '$verb'" ;;
  esac
}

verb_pack() {
  need build
  configure release
  build_targets release
  run rm -rf build/stage
  run env DESTDIR="$PWD/build/stage" cmake --install build/release --prefix /usr --strip
  say "laid out below build/stage; Debian packages, containers and a Kubernetes chart come with a later release"
}
