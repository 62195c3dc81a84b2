// Masks of random bits, drawn many at a time: one number after the other, as libtorch draws them, dropout takes longer than the small
// layers around it.
#pragma once

#include "abi.h"

namespace mnc {

// Whether fill_bernoulli takes a tensor: dense float32 in the processor's memory.
bool takes_bernoulli(const at::Tensor& mask);

// Each element becomes `value` with the given probability and 0 otherwise: of the same numbers as Tensor::bernoulli_ draws, after which
// the generator stands where that leaves it.
void fill_bernoulli(at::Tensor& mask, double probability, float value, const c10::optional<at::Generator>& generator);

}  // namespace mnc
