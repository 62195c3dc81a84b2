// Convolution without stride, dilation or groups on contiguous float CPU tensors, computed directly on the planes: for the small
// layers of small networks, where libtorch's set-up and reordering cost more than the arithmetic.
#pragma once

#include "../abi.h"

namespace mnc {

// Whether the functions below can stand in for libtorch's with these arguments, and are worth it.
bool convolves_directly(const at::Tensor& x, const at::Tensor& weight, const c10::optional<at::Tensor>& bias, at::IntArrayRef stride, at::IntArrayRef padding,
                        at::IntArrayRef dilation, int64_t groups);

// x [N, I, H, W], weight [O, I, h, w] to [N, O, H + 2 padding - h + 1, …].
at::Tensor direct_convolution(const at::Tensor& x, const at::Tensor& weight, const c10::optional<at::Tensor>& bias,
                              at::IntArrayRef padding);

bool convolves_transposed_directly(const at::Tensor& x, const at::Tensor& weight, const c10::optional<at::Tensor>& bias, at::IntArrayRef stride, at::IntArrayRef padding,
                                   at::IntArrayRef output_padding, at::IntArrayRef dilation, int64_t groups);

// x [N, O, H, W], weight [O, I, h, w] to [N, I, H - 2 padding + h - 1, …].
at::Tensor direct_transposed_convolution(const at::Tensor& x, const at::Tensor& weight, const c10::optional<at::Tensor>& bias,
                                         at::IntArrayRef padding);

}  // namespace mnc
