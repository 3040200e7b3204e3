# SPDX-License-Identifier: Apache-2.0
# How ./dev speaks and runs things. With ASSAY_DRY_RUN=1 it says what it would run instead.
# shellcheck shell=bash

say() { printf 'dev: %s\n' "$*" >&2; }

die() { # CODE WORDS...
  local code="$1"
  shift
  say "$*"
  exit "$code"
}

dry_run() { [[ "${ASSAY_DRY_RUN:-0}" == 1 ]]; }

# Prints the command as one could type it, then runs it.
run() {
  local line
  line="$(printf '%q ' "$@")"
  if dry_run; then
    printf 'would run: %s\n' "${line% }"
    return 0
  fi
  printf '+ %s\n' "${line% }" >&2
  "$@"
}

usage_error() { die 64 "$*; ./dev help explains"; }
