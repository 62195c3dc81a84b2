// Training convolutions in bfloat16 on the CPU: forward as libtorch's, gradients as matrix products where oneDNN's own backward
// passes are several times slower, which is wherever filters are many and positions few.
#pragma once

#include "../abi.h"

namespace mnc {

// Whether the processor computes with bfloat16 (AVX512_BF16; other processors' are not known here).
bool computes_bfloat16();

// Whether the processor has no bfloat16 for this convolution: libtorch's own is then many times slower than in float32, and sums in
// bfloat16, which loses a hundredth.
bool emulates_bfloat16(const at::Tensor& x, const at::Tensor& weight);

// Whether the function below can stand in for libtorch's with these arguments, and is worth it.
bool convolves_in_bfloat16(const at::Tensor& x, const at::Tensor& weight, at::IntArrayRef padding, int64_t groups);

// x [N, I, H, W], weight [O, I, h, w], both in bfloat16 or cast to it under autocast; the result is in bfloat16, channels last.
at::Tensor bfloat16_convolution(const at::Tensor& x, const at::Tensor& weight, const c10::optional<at::Tensor>& bias, at::IntArrayRef stride,
                            at::IntArrayRef padding, at::IntArrayRef dilation);

}  // namespace mnc
