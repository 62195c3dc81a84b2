// Convolutions that give one pixel, as the last stages of a network do on small images: products of matrices.
#pragma once

#include "../abi.h"

namespace mnc {

bool gives_one_pixel(const at::Tensor& x, const at::Tensor& weight, at::IntArrayRef stride, at::IntArrayRef padding,
                     at::IntArrayRef dilation, int64_t groups);

// x [N, I, height, width], weight [O, I, …] to [N, O, 1, 1].
at::Tensor pixel_convolution(const at::Tensor& x, const at::Tensor& weight, const c10::optional<at::Tensor>& bias, at::IntArrayRef padding);

}  // namespace mnc
