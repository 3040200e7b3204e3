#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# kernel_table.sh [ARCH...]: compiles every image for every architecture (or those named, as 90a) and prints the table of docs/measured/cuda-kernels.md:
# registers and spills as ptxas says. Run from the root of the tree; takes minutes. ASSAY_NVCC names the compiler.
set -eu
nvcc=${ASSAY_NVCC:-nvcc}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ $# -gt 0 ] || set -- 75 80 86 89 90a 100a 103a 120

compile() { # IMAGE SOURCE ARCH
  "$nvcc" -std=c++17 -O3 --fmad=false --ftz=false -prec-div=true -prec-sqrt=true -I. "-arch=sm_$3" -Xptxas -v -cubin -o "$work/out.cubin" \
    "probes/backend/cuda/$2" 2>"$work/$1.sm_$3.log" || { cat "$work/$1.sm_$3.log" >&2; exit 1; }
}
for arch in "$@"; do
  compile portable portable.cu "$arch"
  compile paths programs/paths.cu "$arch"
  compile tensor_mma tensor/mma.cu "$arch"
  case $arch in
    90a) compile cluster programs/cluster.cu 90a; compile tensor_wgmma tensor/wgmma.cu 90a ;;
    100a | 103a) compile cluster programs/cluster.cu "$arch"; compile tensor_tcgen05 tensor/tcgen05.cu "$arch" ;;
    120) compile cluster programs/cluster.cu 120; compile tensor_mma_scaled tensor/mma_scaled.cu 120a ;;
  esac
done
python3 tests/cuda/ptxas_report.py --allow tests/cuda/kernels.spills --markdown "$work"/*.log
