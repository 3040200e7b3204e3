# SPDX-License-Identifier: Apache-2.0
# The files of the demo fleet below build/run: configs of collector and agents, and the drain hook of a drill.
# shellcheck shell=bash

readonly RUN="${DEMO_RUN:-$PWD/build/run}"
readonly DEMO_GOLDENS="${DEMO_GOLDENS:-$PWD/probes/goldens}"
# A hundred times what packages ship, so that a person sees something within seconds.
readonly DEMO_BUDGET=0.10

write_collector_config() { # PORT DRILL(0|1)
  mkdir -p "$RUN/collector"
  chmod 700 "$RUN/collector"
  {
    cat <<TEXT
# Written by ./dev up.
[collector]
listen = "127.0.0.1"
port = $1
state_dir = "$RUN/collector/state"
goldens_dir = "$DEMO_GOLDENS"

[policy]
mode = "enforce"
silent_after = "10s"
TEXT
    if [[ "$2" == 1 ]]; then
      cat <<TEXT

[hooks]
directory = "$RUN/hooks"
drill_drain = "$RUN/hooks/drill-drain"
TEXT
    fi
  } >"$RUN/collector/collector.toml"
}

# A hook gets one JSON document on stdin and its key in the environment; the same key may come again after a crash, and then the file is
# there already.
write_drill_hook() {
  mkdir -p "$RUN/hooks" "$RUN/drained"
  cat >"$RUN/hooks/drill-drain" <<TEXT
#!/bin/sh
# Written by ./dev up: what a site's own hook would do with its scheduler, this one does with a file.
set -eu
folder="$RUN/drained"
file="\$folder/\$ASSAY_IDEMPOTENCY_KEY.json"
if [ -e "\$file" ]; then
  echo "was drained already: \$ASSAY_IDEMPOTENCY_KEY"
  exit 0
fi
cat >"\$file.part"
mv "\$file.part" "\$file"
echo "drained, by writing \$ASSAY_IDEMPOTENCY_KEY.json"
TEXT
  chmod 755 "$RUN/hooks" "$RUN/hooks/drill-drain"
}

write_agent_config() { # NAME METRICS_PORT COLLECTOR_PORT UNIT_OF_DRILL_OR_EMPTY
  mkdir -p "$RUN/$1"
  chmod 700 "$RUN/$1"
  {
    cat <<TEXT
# Written by ./dev up.
[agent]
node = "$1"
state_dir = "$RUN/$1/state"
socket = "$RUN/$1/agent.sock"
# Several agents on one machine: devices are named after the node, not after the part they share.
synthetic_identity = true

[collector]
url = "https://127.0.0.1:$3"
token_file = "$RUN/$1/enrol.token"
report_interval = "1s"

[metrics]
port = $2

[probing]
# demo lifts the cap of 1 % that packages have.
demo = true
budget_ratio = $DEMO_BUDGET
goldens_dir = "$DEMO_GOLDENS"
TEXT
    if [[ -n "$4" ]]; then
      cat <<TEXT

# Plants a wrong bit into the results of one core, marked synthetic from here to the hook.
[drill]
enabled = true
unit = $4
shape = "bit_flip"
after = "5s"
TEXT
    fi
  } >"$RUN/$1/agent.toml"
}

# Index of the last unit of the first socket: units are cores, one logical CPU each.
last_unit() {
  local cpu siblings units=0
  for cpu in /sys/devices/system/cpu/cpu[0-9]*; do
    if [[ -r "$cpu/topology/physical_package_id" ]] && [[ "$(<"$cpu/topology/physical_package_id")" != "$(</sys/devices/system/cpu/cpu0/topology/physical_package_id)" ]]; then continue; fi
    siblings="$(cat "$cpu/topology/thread_siblings_list" 2>/dev/null || echo "${cpu##*cpu}")"
    if [[ "${siblings%%[,-]*}" == "${cpu##*cpu}" ]]; then units=$((units + 1)); fi
  done
  printf '%d' $((units > 0 ? units - 1 : 0))
}
