# SPDX-License-Identifier: Apache-2.0
# ./dev up: a collector and agents on this machine, watched for a while, judged, and stopped by pid.
# shellcheck shell=bash

readonly DEMO_BIN="${DEMO_BIN:-$PWD/build/release/bin}"
readonly DEMO_JUDGE="${DEMO_JUDGE:-$PWD/dev.d/judge.py}"
DEMO_PIDS=()        # agents first, the collector last: the order in which they stop
DEMO_NAMES=()
DEMO_STOPPING=0
DEMO_LOCK=''

port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# The first free port from the given one on; ports of earlier calls are kept apart by the caller.
free_port() {
  local port="$1"
  while port_taken "$port"; do port=$((port + 1)); done
  printf '%d' "$port"
}

ctl() { # as the demo's administrator
  ASSAY_COLLECTOR="$DEMO_URL" ASSAY_TOKEN_FILE="$RUN/collector/state/admin.token" "$DEMO_BIN/assayctl" "$@" {DEMO_LOCK}>&-
}

# Whether the collector answers: 0 to 2 are all answers (fine, finding, nothing measured yet).
collector_answers() {
  local rc=0
  ctl status --json --timeout 2 >/dev/null 2>&1 || rc=$?
  [[ $rc -le 2 ]]
}

start_daemon() { # NAME PROGRAM CONFIG
  # A session of its own: Ctrl-C is for us, who then stop the daemons in order.
  setsid "$DEMO_BIN/$2" --config "$3" >>"$RUN/$1/log" 2>&1 </dev/null {DEMO_LOCK}>&- &
  local pid=$!
  printf '+ %s --config %s   (pid %d, log %s)\n' "${DEMO_BIN#"$PWD/"}/$2" "${3#"$PWD/"}" "$pid" "${RUN#"$PWD/"}/$1/log" >&2
  printf '%d %s\n' "$pid" "$2" >>"$RUN/pids"
  if [[ "$2" == assay-collector ]]; then
    DEMO_PIDS+=("$pid"); DEMO_NAMES+=("$1")
  else
    DEMO_PIDS=("$pid" "${DEMO_PIDS[@]}"); DEMO_NAMES=("$1" "${DEMO_NAMES[@]}")
  fi
}

# Waits until the process has ended: up to TENTHS tenths of a second.
ended_within() { # PID TENTHS
  local left="$2"
  while kill -0 "$1" 2>/dev/null; do
    if [[ $left -le 0 ]]; then return 1; fi
    left=$((left - 1))
    sleep 0.1
  done
}

# Stops what this run started, agents before the collector so that their last report is taken. Exit code 1 when one had to be killed.
stop_demo() {
  local i rc=0 code
  if [[ $DEMO_STOPPING == 1 ]]; then return 0; fi
  DEMO_STOPPING=1
  if [[ ${#DEMO_PIDS[@]} -eq 0 ]]; then return 0; fi
  say "stopping ${DEMO_NAMES[*]}"
  for i in "${!DEMO_PIDS[@]}"; do
    if [[ "${DEMO_NAMES[$i]}" != collector ]]; then kill -TERM "${DEMO_PIDS[$i]}" 2>/dev/null || true; fi
  done
  for i in "${!DEMO_PIDS[@]}"; do
    if [[ "${DEMO_NAMES[$i]}" == collector ]]; then kill -TERM "${DEMO_PIDS[$i]}" 2>/dev/null || true; fi
    if ! ended_within "${DEMO_PIDS[$i]}" 150; then
      say "${DEMO_NAMES[$i]} (pid ${DEMO_PIDS[$i]}) did not stop within 15 s and is killed; see ${RUN#"$PWD/"}/${DEMO_NAMES[$i]}/log"
      kill -KILL "${DEMO_PIDS[$i]}" 2>/dev/null || true
      rc=1
    fi
    code=0
    wait "${DEMO_PIDS[$i]}" 2>/dev/null || code=$?
    if [[ $code != 0 && $rc == 0 ]]; then
      say "${DEMO_NAMES[$i]} ended with exit code $code; see ${RUN#"$PWD/"}/${DEMO_NAMES[$i]}/log"
      rc=1
    fi
  done
  rm -f "$RUN/pids"
  if [[ $rc == 0 ]]; then say "all stopped; logs and state stay in ${RUN#"$PWD/"} until the next run"; fi
  return $rc
}

# A run that was killed leaves daemons behind: stops those, known by pid and by the program they run, and clears build/run.
clear_last_run() {
  local pid program
  mkdir -p "${RUN%/*}"
  exec {DEMO_LOCK}>"$RUN.lock"
  # Without flock (busybox has none on some machines) two demos of one tree are not kept apart.
  if command -v flock >/dev/null; then flock -n "$DEMO_LOCK" || die 69 "another demo is running in this tree: stop it first"; fi
  if [[ -r "$RUN/pids" ]]; then
    while read -r pid program; do
      if [[ "$(readlink "/proc/$pid/exe" 2>/dev/null)" == "$DEMO_BIN/$program"* ]]; then
        say "stopping $program (pid $pid) of the last run"
        kill -TERM "$pid" 2>/dev/null || true
        ended_within "$pid" 150 || kill -KILL "$pid" 2>/dev/null || true
      fi
    done <"$RUN/pids"
  fi
  rm -rf "$RUN"
  mkdir -p "$RUN"
}

# Waits for a condition; dies with the end of the daemon's log when it ends or the time is over.
await() { # WHAT TENTHS NAME PID COMMAND...
  local what="$1" left="$2" name="$3" pid="$4"
  shift 4
  until "$@" >/dev/null 2>&1; do
    if ! kill -0 "$pid" 2>/dev/null || [[ $left -le 0 ]]; then
      tail -n 15 "$RUN/$name/log" >&2 || true
      die 69 "$name: $what did not come about; its log is ${RUN#"$PWD/"}/$name/log"
    fi
    left=$((left - 1))
    sleep 0.1
  done
}

parse_demo_options() {
  DEMO_NODES=1 DEMO_DRILL=0 DEMO_GPUS=0 DEMO_FOR='' DEMO_COLOR=()
  while [[ $# -gt 0 ]]; do
    case "$1" in
      --nodes | --for)
        if [[ ! "${2:-}" =~ ^[1-9][0-9]{0,6}$ ]]; then usage_error "$1 needs a whole number of 1 or more"; fi
        if [[ "$1" == --nodes ]]; then DEMO_NODES="$2"; else DEMO_FOR="$2"; fi
        shift
        ;;
      --fake-gpus)
        if [[ ! "${2:-}" =~ ^[1-9][0-9]?$ || "$2" -gt 16 ]]; then usage_error "--fake-gpus needs a number from 1 to 16"; fi
        if [[ -z "${DEMO_FAKE_NVML:-}" ]]; then usage_error "there are no fake GPUs in this bundle"; fi
        DEMO_GPUS="$2"
        shift
        ;;
      --drill) DEMO_DRILL=1 ;;
      --no-color) DEMO_COLOR=(--no-color) ;;
      *) usage_error "up does not know '$1'" ;;
    esac
    shift
  done
  if [[ $DEMO_NODES -gt 64 ]]; then usage_error "--nodes is at most 64: all of them share this machine"; fi
}

start_fleet() {
  local port name metrics_port unit i
  port="$(free_port 9480)"
  DEMO_URL="https://127.0.0.1:$port"
  write_collector_config "$port" "$DEMO_DRILL"
  if [[ $DEMO_DRILL == 1 ]]; then write_drill_hook; fi
  start_daemon collector assay-collector "$RUN/collector/collector.toml"
  await "an answer from $DEMO_URL" 300 collector "${DEMO_PIDS[-1]}" collector_answers
  metrics_port="$port"
  for ((i = 1; i <= DEMO_NODES; i++)); do
    name="node-$i" unit=''
    metrics_port="$(free_port $((metrics_port + 1)))"
    if [[ $DEMO_DRILL == 1 && $i == 1 ]]; then unit="$(last_unit)"; fi
    write_agent_config "$name" "$metrics_port" "$port" "$unit"
    (umask 077 && ctl token create --kind enrol --node "$name" --ttl 10min 2>/dev/null >"$RUN/$name/enrol.token") ||
      die 69 "no enrolment token for $name: see ${RUN#"$PWD/"}/collector/log"
    if [[ $DEMO_GPUS -gt 0 && $i == 1 ]]; then
      write_fake_gpus "$name" "$DEMO_GPUS"
      ASSAY_FAKE_NVML_SCRIPT="$RUN/$name/fake_nvml.script" ASSAY_SIMULATED_DEVICES="$DEMO_GPUS" start_daemon "$name" assay-agent "$RUN/$name/agent.toml"
    else
      start_daemon "$name" assay-agent "$RUN/$name/agent.toml"
    fi
  done
  (umask 077 && ctl token create --kind viewer --name demo 2>/dev/null >"$RUN/viewer.token") || die 69 "no read-only token: see ${RUN#"$PWD/"}/collector/log"
}

introduce() {
  cat <<TEXT

  console and API   $DEMO_URL/   (its CA: ${RUN#"$PWD/"}/collector/state/ca/ca.pem; in a browser any user name, the token as password)
  read-only token   $(<"$RUN/viewer.token")
  agent metrics     http://127.0.0.1:$(sed -n 's/^port = //p' "$RUN/node-1/agent.toml")/metrics

  try, in another terminal:
    export ASSAY_COLLECTOR=$DEMO_URL ASSAY_TOKEN_FILE=$RUN/viewer.token
    ${DEMO_BIN#"$PWD/"}/assayctl device list
    ${DEMO_BIN#"$PWD/"}/assayctl incident list
    ${DEMO_BIN#"$PWD/"}/assayctl audit verify

  This demo probes with 10 % of the machine so that you see something within seconds; packages ship 0.1 %.
TEXT
  if [[ $DEMO_DRILL == 1 ]]; then
    printf '  Drill: after 5 s, core %s of node-1 computes wrong, on purpose; everything that follows is marked [drill].\n' "$(last_unit)"
  fi
  if [[ $DEMO_GPUS -gt 0 ]]; then introduce_fake_gpus; fi
  if [[ -z "$DEMO_FOR" ]]; then printf '  Ctrl-C stops everything.\n'; fi
  printf '\n'
}

watch_fleet() {
  local options=()
  if [[ -n "$DEMO_FOR" ]]; then options=(--for "$DEMO_FOR"); fi
  ctl top "${options[@]}" "${DEMO_COLOR[@]}" || true
}

# The verdict about the demo itself. Without a drill: results came, and no finding. With one: the whole chain, and no other finding.
judge_demo() {
  ctl status --json >"$RUN/status.json" 2>>"$RUN/judge.log" || true   # exit code 1 is a finding, and is judged below
  ctl quarantine list --json >"$RUN/quarantine.json" 2>>"$RUN/judge.log" || true
  ctl incident list --json >"$RUN/incidents.json" 2>>"$RUN/judge.log" || true
  if [[ $DEMO_DRILL == 1 ]]; then
    printf '\nIn quarantine now:\n'
    ctl quarantine list "${DEMO_COLOR[@]}" || true
    printf '\nWritten by the drain hook:\n'
    local file
    for file in "$RUN"/drained/*.json; do
      if [[ -e "$file" ]]; then printf '%s\n' "${file#"$PWD/"}"; cat "$file"; printf '\n'; fi
    done
  fi
  printf '\n'
  if command -v python3 >/dev/null; then
    python3 "$DEMO_JUDGE" "$RUN" "$DEMO_NODES" "$DEMO_DRILL"
  else
    judge_by_exit_codes
  fi
}

# The same verdict on a machine without Python: less is said of it, by the exit codes of assayctl and the files of the hook.
judge_by_exit_codes() {
  local rc=0
  ctl status >/dev/null 2>>"$RUN/judge.log" || rc=$?
  if [[ $rc == 2 ]]; then say 'could not tell: nothing was measured yet'; return 2; fi
  if [[ $rc != 0 ]]; then say "not as promised: assayctl status ends with $rc; see ${RUN#"$PWD/"}/*/log"; return 1; fi
  if [[ $DEMO_DRILL == 0 ]]; then printf 'no finding\n'; return 0; fi
  if ! compgen -G "$RUN/drained/*.json" >/dev/null; then
    printf 'the drill did NOT complete: was it long enough? Give it 30 s or more\n'
    return 1
  fi
  printf 'drill complete: the drain hook wrote its file\n'
}

verb_up() {
  DEMO_FAKE_NVML="$PWD/build/release/fake_nvml/libnvidia-ml.so.1"
  parse_demo_options "$@"
  local targets=("${PROGRAMS[@]}")
  if [[ $DEMO_GPUS -gt 0 ]]; then targets+=(assay_fake_nvml assay_simulated); fi
  need build
  configure release
  build_targets release "${targets[@]}"
  if dry_run; then
    printf 'would start: a collector and %d agent(s) below build/run\n' "$DEMO_NODES"
    return 0
  fi
  run_demo
}

# From nothing running to nothing running; ends the shell with the verdict.
run_demo() {
  clear_last_run
  trap 'stop_demo || true' EXIT
  trap 'exit 130' INT TERM HUP
  start_fleet
  introduce
  trap : INT TERM HUP # ends the table only
  watch_fleet
  trap '' INT TERM HUP
  local rc=0
  judge_demo || rc=$?
  stop_demo || rc=1
  trap - EXIT
  exit "$rc"
}
