#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# kernel_table.sh [ARCH...]: compiles every image for every architecture (or those named, as 90a) and prints the table of docs/measured/cuda-kernels.md:
# registers and spills as ptxas says. KERNEL_LOGS names a folder that keeps the logs, and what is in it is not compiled again. Run from the root of the
# tree; takes minutes. ASSAY_NVCC names the compiler.
set -eu
nvcc=${ASSAY_NVCC:-nvcc}
work=${KERNEL_LOGS:-}
if [ -z "$work" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
fi
[ $# -gt 0 ] || set -- 75 80 86 89 90a 100a 103a 120

compile() { # IMAGE SOURCE ARCH
  if [ -e "$work/$1.sm_$3.log" ]; then return 0; fi
  "$nvcc" -std=c++17 -O3 --fmad=false --ftz=false -prec-div=true -prec-sqrt=true -I. "-arch=sm_$3" -Xptxas -v -cubin -o "$work/out.cubin" \
    "probes/backend/cuda/$2" 2>"$work/new" || { cat "$work/new" >&2; exit 1; }
  mv "$work/new" "$work/$1.sm_$3.log"
}
for arch in "$@"; do
  compile portable portable.cu "$arch"
  compile paths programs/paths.cu "$arch"
  compile tensor_mma tensor/mma.cu "$arch"
  case $arch in
    90a) compile cluster programs/cluster.cu 90a; compile tensor_wgmma tensor/wgmma.cu 90a ;;
    100a | 103a) compile cluster programs/cluster.cu "$arch"; compile tensor_tcgen05 tensor/tcgen05.cu "$arch" ;;
    120) compile cluster programs/cluster.cu 120; compile tensor_mma_scaled tensor/mma_scaled.cu 120f ;;
  esac
done
# A line a kernel, a column an architecture: registers of a lane, and what is spilled where anything is; "-" where the chip has no such unit.
python3 tests/cuda/ptxas_report.py --allow tests/cuda/kernels.spills --markdown "$work"/*.log | awk -F ' *[|] *' '
  /^\| `/ {
    if (!($2 in seen)) { seen[$2] = 1; kernels[++count] = $2 }
    if (!($3 in known)) { known[$3] = 1; archs[++width] = $3 }
    cell[$2, $3] = $5 ($7 == "0" ? "" : ", spills " $7)
    if ($8 != "not run on silicon") ran[$2] = ran[$2] " " $3 ": " $8
  }
  END {
    line = "| kernel |"; rule = "|---|"
    for (a = 1; a <= width; ++a) { line = line " " archs[a] " |"; rule = rule "---|" }
    print line " ran on |"; print rule "---|"
    for (k = 1; k <= count; ++k) {
      line = "| " kernels[k] " |"
      for (a = 1; a <= width; ++a) { value = cell[kernels[k], archs[a]]; line = line " " (value == "" ? "-" : value) " |" }
      print line " " (ran[kernels[k]] == "" ? "not run on silicon" : ran[kernels[k]]) " |"
    }
  }'
