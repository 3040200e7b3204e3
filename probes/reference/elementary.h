// SPDX-License-Identifier: Apache-2.0
// Elementary functions by their series in fixed point (192 bits after the point). The absolute error is under 2^-180:
// some hundred operations, each cut off under 2^-192, and series that go on until a term is zero.
#pragma once

#include "probes/reference/fixed_point.h"

namespace assay::probes::reference {

// |x| <= 1.
Fixed sine(const Fixed& x);
Fixed cosine(const Fixed& x);
// 2^x - 1, |x| <= 1.
Fixed power_of_two_less_one(const Fixed& x);
// Of a positive x from 2^-60 to 2^60.
Fixed logarithm_to_base_two(const Fixed& x);
// The angle of the point (x, y), in (-pi, pi]; neither is zero, both are under 2^50.
Fixed angle(const Fixed& y, const Fixed& x);

}  // namespace assay::probes::reference
