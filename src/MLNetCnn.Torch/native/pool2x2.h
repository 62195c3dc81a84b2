// 2×2 pooling with stride 2 on contiguous float CPU tensors: what nearly every small network does, and where libtorch's general
// kernels spend a quarter of such a network's step.
#pragma once

#include "abi.h"

namespace mnc {

// Whether the functions below can stand in for libtorch's pooling with these arguments (an empty stride is the kernel's size).
bool pools_2x2(const at::Tensor& x, at::IntArrayRef kernel, at::IntArrayRef stride, at::IntArrayRef padding, bool ceil_mode);

at::Tensor average_2x2(const at::Tensor& x);

at::Tensor maximum_2x2(const at::Tensor& x);

}  // namespace mnc
