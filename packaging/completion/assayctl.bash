# SPDX-License-Identifier: Apache-2.0
# bash completion of assayctl: commands, options, fixed words, files, and the probes of this build.
# shellcheck shell=bash

_assayctl_words() { # COMMAND PATH: what may follow
  case "$1" in
    '') echo 'status top events device incident quarantine probe golden node agent token certificate audit breaker wait' ;;
    top) echo '--for --interval --once' ;;
    events) echo '--follow --last --after' ;;
    device) echo 'list show' ;;
    'device list') echo '--state --node --limit' ;;
    incident) echo 'list show replay' ;;
    'incident list') echo '--device --node --verdict --limit' ;;
    'incident replay') echo '--from --unit --cpu-socket --runs' ;;
    quarantine) echo 'list show release retire' ;;
    'quarantine release' | 'quarantine retire') echo '--reason' ;;
    probe) echo 'list run matrix unfreeze' ;;
    'probe list') echo '--offline --calibrate --variants --devices' ;;
    'probe run') echo '--unit --cpu-socket --device --set --sets --runs --variant --for --inject --step --mask' ;;
    'probe matrix') echo '--probe --variant --fault --trials --seed --unit --cpu-socket --markdown' ;;
    'probe unfreeze') echo '--cohort --reason' ;;
    golden) echo 'list verify' ;;
    'golden verify') echo '--public-key' ;;
    node) echo 'check' ;;
    agent) echo 'status' ;;
    'node check' | 'agent status') echo '--socket' ;;
    token) echo 'create list revoke' ;;
    'token create') echo '--kind --node --name --ttl' ;;
    certificate) echo 'list revoke' ;;
    'certificate revoke') echo '--reason' ;;
    audit) echo 'verify' ;;
    'audit verify') echo '--public-key --pin --from' ;;
    breaker) echo 'reset' ;;
    'breaker reset') echo '--reason' ;;
    wait) echo '--for-nodes --for-results --for-incident --for-quarantine --for-drain --timeout' ;;
  esac
}

_assayctl_probes() {
  assayctl probe list --offline --no-color 2>/dev/null | while read -r probe _; do
    if [[ $probe == */* ]]; then echo "${probe%%/*}"; fi
  done
}

_assayctl() {
  local shared='--collector --token-file --ca --cert --key --config --agent-socket --runner --goldens --timeout --json --no-color --help'
  local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD - 1]}" path='' skip=0 word words=''
  COMPREPLY=()
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    if [[ $skip == 1 ]]; then
      skip=0
    elif [[ $word == --json || $word == --no-color || $word == --help || $word == --once || $word == --follow || $word == --offline ]]; then
      continue
    elif [[ $word == -* ]]; then
      skip=1 # its value comes next
    elif [[ " $(_assayctl_words "$path") " == *" $word "* ]]; then
      path="${path:+$path }$word"
    fi
  done
  case "$previous" in
    --token-file | --ca | --cert | --key | --config | --agent-socket | --socket | --runner | --from)
      mapfile -t COMPREPLY < <(compgen -f -- "$current")
      return
      ;;
    --goldens) mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;
    --state) words='unknown in_service suspect confirming quarantined in_repair probation retired' ;;
    --verdict) words='open confirmed_unit confirmed_device memory unreproduced probe_suspect hang control_missed' ;;
    --kind) words='enrol viewer operator admin' ;;
    --variant) words='scalar avx2 avx512 neon' ;;
    --inject) words='bit_flip multi_bit zero dropped_write stale_tile lane_periodic same_mask_pair stuck_at hang crash blind_comparator nan_inf' ;;
    --fault) words='clean bit_flip multi_bit zero dropped_write stale_tile lane_periodic same_mask_pair stuck_at hang crash blind_comparator nan_inf one_in_n' ;;
    --probe) words="$(_assayctl_probes)" ;;
    --for-incident | --for-quarantine | --for-drain) words='any' ;;
    *)
      if [[ $skip == 1 ]]; then return; fi # a number, a time or a text
      words="$(_assayctl_words "$path")"
      case "$path" in
        'probe run' | 'probe unfreeze') if [[ $current != -* ]]; then words="$(_assayctl_probes)"; fi ;;
        'golden list' | 'golden verify') if [[ $current != -* ]]; then mapfile -t COMPREPLY < <(compgen -d -- "$current"); return; fi ;;
      esac
      if [[ $current == -* ]]; then words+=" $shared"; fi
      ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}

complete -F _assayctl assayctl
