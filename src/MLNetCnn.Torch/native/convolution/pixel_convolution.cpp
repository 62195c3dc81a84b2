#include "pixel_convolution.h"

#include "../linear.h"

#include <torch/csrc/jit/frontend/tracer.h>

#include <algorithm>

namespace mnc {

bool gives_one_pixel(const at::Tensor& x, const at::Tensor& weight, at::IntArrayRef stride, at::IntArrayRef padding,
                     at::IntArrayRef dilation, int64_t groups) {
    if (x.dim() != 4 || weight.dim() != 4 || groups != 1 || x.size(1) != weight.size(1) || x.numel() == 0 || weight.numel() == 0
        || !x.device().is_cpu() || !weight.device().is_cpu() || !at::isFloatingType(x.scalar_type())
        // A traced graph must show libtorch's own operation.
        || torch::jit::tracer::isTracing()) {
        return false;
    }
    for (int64_t i = 0; i < 2; i++) {
        const int64_t room = x.size(2 + i) + 2 * padding[i] - weight.size(2 + i);
        if (dilation[i] != 1 || stride[i] <= 0 || padding[i] < 0 || padding[i] >= weight.size(2 + i) || room < 0 || room >= stride[i]) return false;
    }
    return true;
}

at::Tensor pixel_convolution(const at::Tensor& x, const at::Tensor& weight, const c10::optional<at::Tensor>& bias, at::IntArrayRef padding) {
    // The part of the image that the kernel meets, and the part of the kernel that meets the image: with 3×3 kernels on one pixel, a
    // ninth of what oneDNN multiplies, and reads and writes.
    at::Tensor part = x, kernel = weight;
    for (int64_t i = 0; i < 2; i++) {
        const int64_t length = std::min(x.size(2 + i), weight.size(2 + i) - padding[i]);
        part = part.narrow(2 + i, 0, length);
        kernel = kernel.narrow(2 + i, padding[i], length);
    }
    return mnc::linear(part.flatten(1), kernel.flatten(1), bias).unsqueeze(-1).unsqueeze(-1);
}

}  // namespace mnc
