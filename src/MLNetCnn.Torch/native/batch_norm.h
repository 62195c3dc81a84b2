// Batch normalisation of channels-last CPU tensors together with what mostly follows it, a shortcut's sum and a rectifier: each of
// them alone waits for memory, and all at once wait little longer than one.
#pragma once

#include "abi.h"

#include <limits>

namespace mnc {

// What a value is held between after normalisation and the shortcut's sum. NaN is no bound: nothing compares with it.
struct Clamp {
    float low = std::numeric_limits<float>::quiet_NaN(), high = std::numeric_limits<float>::quiet_NaN();

    bool closes() const { return low == low || high == high; }
};

struct BatchNorm {
    // Scale, shift and running statistics [C]; each pair may be undefined.
    at::Tensor weight, bias, running_mean, running_var;
    // Whether the batch's own statistics are used, and the running ones moved towards them.
    bool training;
    double momentum, eps;
};

// Whether the function below can stand in for libtorch's operations; an undefined residual is none.
bool normalises(const at::Tensor& x, const BatchNorm& norm, const at::Tensor& residual);

// clamp(norm(x) + residual).
at::Tensor normalise(const at::Tensor& x, const BatchNorm& norm, const at::Tensor& residual, Clamp clamp);

}  // namespace mnc
