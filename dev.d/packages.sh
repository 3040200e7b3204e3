# SPDX-License-Identifier: Apache-2.0
# The Debian 12 packages that building, testing and linting need, each with its reason, and how the missing ones are installed.
# shellcheck shell=bash

# group | package | why
PACKAGES='
build | g++                  | the compiler (g++ 12)
build | cmake                | the build
build | ninja-build          | the build
build | ccache               | the second build takes seconds
build | pkg-config           | finds libraries that bring no cmake files
build | protobuf-compiler    | the wire schema (common/wire)
build | libprotobuf-dev      | the wire schema (common/wire)
build | libfmt-dev           | formatting
build | libcli11-dev         | command lines
build | libtomlplusplus-dev  | config files
build | nlohmann-json3-dev   | the JSON API
build | libboost1.81-dev     | Asio and Beast (common/net)
build | zlib1g-dev           | the probe zlib.roundtrip; without it the build goes on and leaves that out
build | libssl-dev           | TLS, certificates, signatures (common/crypto, common/net)
build | libsqlite3-dev       | spool and store
build | prometheus-cpp-dev   | /metrics
build | libgtest-dev         | tests
build | libgmock-dev         | tests
build | libbenchmark-dev     | benchmarks
build | python3              | tests/tidy, run by ctest
test  | curl                 | end-to-end tests ask the API as a stranger would
test  | openssl              | end-to-end tests make wrong and expired certificates
test  | sqlite3              | end-to-end tests look into spool and store
test  | shellcheck           | tests/tidy checks the scripts
test  | pocl-opencl-icd      | tests/contract/opencl: an OpenCL device made of this CPU; without one they are skipped
test  | ocl-icd-libopencl1   | tests/contract/opencl: the loader that finds it
test  | opencl-headers       | tests/contract/opencl compares the numbers that we declare ourselves with them; the product builds without
test  | systemd              | tests/tidy: systemd-analyze verify
test  | patchelf             | end-to-end tests make a bundle
test  | bash-static          | end-to-end tests run the bundle in a bare root
test  | busybox-static       | end-to-end tests run the bundle in a bare root
bundle | patchelf            | ./dev bundle: programs find their libraries beside themselves
lint  | clang-19             | the second compiler, and libFuzzer
lint  | clang-tidy-19        | ./dev lint
lint  | clang-format-19      | ./dev fmt
'
# Packages that would start a service: only unpacked below build/tools, so that nothing begins to run on this machine.
# group | package | a program of it | why
UNPACKED='
test  | prometheus           | promtool | tests/tidy checks the alert rules; end-to-end tests scrape with a real Prometheus
'
readonly PACKAGES UNPACKED
TOOLS="$PWD/build/tools"
PATH="$PATH:$TOOLS/prometheus/usr/bin"

# Whether a package counts as missing, given the list of installed ones. ASSAY_PRETEND_MISSING (names) is for trying a dry run where all is
# there.
package_missing() { # PACKAGE INSTALLED
  if dry_run && [[ " ${ASSAY_PRETEND_MISSING:-} " == *" $1 "* ]]; then return 0; fi
  [[ "$2" != *" $1=installed "* ]]
}

# " g++=installed cmake=installed ... " of all packages named here that dpkg knows.
installed_packages() {
  local names
  mapfile -t names < <(sed -n 's/^[a-z]* *| *\([^ |]*\).*/\1/p' <<<"$PACKAGES")
  printf ' '
  dpkg-query -W -f '${Package}=${db:Status-Status} ' "${names[@]}" 2>/dev/null || true
}

unpacked_missing() { # PACKAGE PROGRAM
  if dry_run && [[ " ${ASSAY_PRETEND_MISSING:-} " == *" $1 "* ]]; then return 0; fi
  ! command -v "$2" >/dev/null
}

# Runs as root: directly, or through sudo with the terminal to ask for a password.
as_root() {
  if [[ $EUID -eq 0 ]]; then
    run env DEBIAN_FRONTEND=noninteractive "$@"
  elif command -v sudo >/dev/null; then
    run sudo env DEBIAN_FRONTEND=noninteractive "$@"
  else
    die 77 "installing needs root and there is no sudo; as root run: $*"
  fi
}

readonly APT=(apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 -q)

package_lists_know() { # PACKAGE...
  local package
  for package in "$@"; do apt-cache show --no-all-versions "$package" >/dev/null 2>&1 || return 1; done
}

update_lists() { as_root "${APT[@]}" update || die 69 "the package lists could not be fetched: check the network and the sources of apt"; }

unpack() { # PACKAGE...
  local package
  for package in "$@"; do
    run mkdir -p "$TOOLS"
    (
      if ! dry_run; then cd "$TOOLS" && rm -rf "${package:?}" "$package"_*.deb; fi
      run "${APT[@]}" download "$package"
      if dry_run; then run dpkg-deb --extract "$package.deb" "$TOOLS/$package"; else run dpkg-deb --extract "$package"_*.deb "$package" && rm -f "$package"_*.deb; fi
    ) || die 69 "$package could not be downloaded: check the network, or install it yourself"
  done
}

# Makes sure that the packages of the groups are there; names the missing ones first.
need() { # GROUP...
  local group package program why installed missing=() unpacked=() listed=''
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    say "this is not Debian: ./dev installs nothing and hopes that the packages of dev.d/packages.sh are there under other names"
    return 0
  fi
  installed="$(installed_packages)"
  while IFS='|' read -r group package why; do
    read -r group <<<"$group"; read -r package <<<"$package"
    if [[ -n "$package" && " $* " == *" $group "* ]] && package_missing "$package" "$installed"; then
      missing+=("$package"); listed+="$(printf '  %-22s%s' "$package" "$why")"$'\n'
    fi
  done <<<"$PACKAGES"
  while IFS='|' read -r group package program why; do
    read -r group <<<"$group"; read -r package <<<"$package"; read -r program <<<"$program"
    if [[ -n "$package" && " $* " == *" $group "* ]] && unpacked_missing "$package" "$program"; then
      unpacked+=("$package"); listed+="$(printf '  %-22s%s (unpacked below build/tools, not installed)' "$package" "$why")"$'\n'
    fi
  done <<<"$UNPACKED"
  if [[ -z "$listed" ]]; then return 0; fi
  printf 'dev: these Debian packages are missing and will be installed:\n%s' "$listed" >&2

  if ! package_lists_know "${missing[@]}" "${unpacked[@]}"; then update_lists; fi
  if [[ ${#missing[@]} -gt 0 ]]; then
    # Lists that are old name files that are gone: then fetch the lists and try once more.
    as_root "${APT[@]}" install -y --no-install-recommends "${missing[@]}" || {
      update_lists
      as_root "${APT[@]}" install -y --no-install-recommends "${missing[@]}" || die 69 "apt-get could not install the packages: see its words above"
    }
  fi
  if [[ ${#unpacked[@]} -gt 0 ]]; then unpack "${unpacked[@]}"; fi
}
