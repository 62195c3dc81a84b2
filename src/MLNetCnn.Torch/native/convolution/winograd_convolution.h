// Training convolutions of 3×3 windows by Winograd's minimal filtering (Lavin and Gray 2015, "Fast algorithms for convolutional neural
// networks"): 4×4 results take 36 products for each pair of channels instead of 144.
#pragma once

#include "../abi.h"

namespace mnc {

// Whether the function below can stand in for libtorch's with these arguments, and is worth it.
bool convolves_by_winograd(const at::Tensor& x, const at::Tensor& weight, const c10::optional<at::Tensor>& bias, at::IntArrayRef stride,
                           at::IntArrayRef padding, at::IntArrayRef dilation, int64_t groups);

// x [N, I, H, W] and weight [O, I, 3, 3] in float32; the result lies in memory as libtorch's would.
at::Tensor winograd_convolution(const at::Tensor& x, const at::Tensor& weight, const c10::optional<at::Tensor>& bias, at::IntArrayRef padding);

}  // namespace mnc
