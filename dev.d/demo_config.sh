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

# GPUs that are not there: the fake library, what its GPUs do, and a kernel log of their own. Appends to the agent's config.
write_fake_gpus() { # NAME COUNT
  local gpu
  cat >>"$RUN/$1/agent.toml" <<TEXT

# Fake GPUs, for the demonstration alone: probed by the simulated backend, which has devices of the same names.
[devices]
backends = ["host", "simulated"]

[nvml]
library = "$DEMO_FAKE_NVML"
deadline = "3s"

[xid]
table = "$PWD/agent/telemetry/xid.tsv"
kernel_log = "$RUN/$1/kmsg"

[telemetry]
interval = "1s"
TEXT
  {
    printf '# Written by ./dev up: what the FAKE GPUs of %s say. Change it while it runs; tests/support/fake_nvml/README.md has the language.\ndevices %d\n' "$1" "$2"
    for ((gpu = 0; gpu < $2; gpu++)); do
      printf 'set %d nvmlDeviceGetTemperatureV %d..%d/30\n' "$gpu" $((42 + gpu)) $((70 + gpu))
      printf 'field %d 185 %d..%d/30\nfield %d 82 %d..%d/30\n' "$gpu" 95000 640000 "$gpu" $((45 + gpu)) $((84 + gpu))
    done
    printf 'field * 230 0\n'
  } >"$RUN/$1/fake_nvml.script"
  : >"$RUN/$1/kmsg"
}

introduce_fake_gpus() {
  cat <<TEXT
  FAKE: node-1 has $DEMO_GPUS GPU(s) that do not exist ("Simulated GPU", GPU-5111de00-...), probed in a simulation and read from a fake NVML. Change what they say in
    ${RUN#"$PWD/"}/node-1/fake_nvml.script
  or have one fall off the bus:
    echo '4,1,1000000,-;NVRM: Xid (PCI:0000:b0:00): 79, GPU has fallen off the bus.' >>${RUN#"$PWD/"}/node-1/kmsg
TEXT
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
