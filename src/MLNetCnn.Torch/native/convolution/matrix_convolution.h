// Convolutions of small maps of many channels, as the last stages of a network have them on small images: as products of matrices that
// leave the padding out, channels last, in float on the CPU.
#pragma once

#include "../abi.h"

namespace mnc {

// Whether the function below can stand in for libtorch's with these arguments, and is worth it.
bool convolves_by_matrices(const at::Tensor& x, const at::Tensor& weight, const c10::optional<at::Tensor>& bias, at::IntArrayRef stride,
                           at::IntArrayRef padding, at::IntArrayRef dilation, int64_t groups);

// x [N, I, H, W], weight [O, I, h, w] to [N, O, …], channels last.
at::Tensor matrix_convolution(const at::Tensor& x, const at::Tensor& weight, const c10::optional<at::Tensor>& bias, at::IntArrayRef stride,
                              at::IntArrayRef padding);

}  // namespace mnc
