// SPDX-License-Identifier: Apache-2.0
// The names of all portable programs, in the order of all.inl: ASSAY_ROW(program) is defined by the includer.
ASSAY_ROW(fma_fp64)
