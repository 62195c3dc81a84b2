#include "bfloat16_convolution.h"

#include "../autocast.h"

#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/jit/frontend/tracer.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <tuple>

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

namespace mnc {

namespace {

// Filters wider than a point need their input copied once per weight, which pays with so many channels; measured on ResNet-50.
constexpr int64_t kLeastChannels = 512;
// As much of those copies as is made at once, in bytes.
constexpr int64_t kMostCopied = 64 << 20;
// libtorch multiplies matrices of no more products than these without oneDNN, and then sums them in bfloat16.
constexpr int64_t kMostSummedInBfloat16 = 16 * 16 * 16;

struct Shape {
    std::vector<int64_t> stride, padding, dilation;
};

bool is_point(const at::Tensor& weight, at::IntArrayRef padding) {
    return weight.size(2) == 1 && weight.size(3) == 1 && padding[0] == 0 && padding[1] == 0;
}

at::Tensor product(const at::Tensor& left, const at::Tensor& right) {
    if (left.size(0) * left.size(1) * right.size(1) > kMostSummedInBfloat16) return left.mm(right);
    c10::impl::ExcludeDispatchKeyGuard as_it_stands(c10::DispatchKey::AutocastCPU);
    return left.to(at::kFloat).mm(right.to(at::kFloat)).to(at::kBFloat16);
}

// [N, C, H, W], channels last, as a matrix [N * H * W, C].
at::Tensor positions(const at::Tensor& x) {
    return x.permute({0, 2, 3, 1}).reshape({-1, x.size(1)});
}

// What each position of the result sees of `images` images: [images * rows * columns, h * w * C].
at::Tensor seen(const at::Tensor& x, int64_t first, int64_t images, const at::Tensor& weight, const at::Tensor& result, const Shape& shape) {
    const auto channels = x.size(1), height = x.size(2), width = x.size(3), rows = result.size(2), columns = result.size(3);
    const auto kernel_height = weight.size(2), kernel_width = weight.size(3), row = kernel_width * channels;
    auto copies = at::empty({images * rows * columns, kernel_height * row}, x.options());
    const auto* from = x.data_ptr<at::BFloat16>() + first * height * width * channels;
    auto* to = copies.data_ptr<at::BFloat16>();
    at::parallel_for(0, images * rows, 1, [&](int64_t begin, int64_t end) {
        for (auto line = begin; line < end; ++line) {
            const auto image = line / rows, top = line % rows * shape.stride[0] - shape.padding[0];
            for (int64_t column = 0; column < columns; ++column) {
                const auto left = column * shape.stride[1] - shape.padding[1];
                auto* target = to + (line * columns + column) * kernel_height * row;
                for (int64_t ky = 0; ky < kernel_height; ++ky) {
                    const auto y = top + ky * shape.dilation[0];
                    for (int64_t kx = 0; kx < kernel_width; ++kx, target += channels) {
                        const auto px = left + kx * shape.dilation[1];
                        if (y < 0 || y >= height || px < 0 || px >= width) std::memset(target, 0, channels * sizeof(at::BFloat16));
                        else std::memcpy(target, from + ((image * height + y) * width + px) * channels, channels * sizeof(at::BFloat16));
                    }
                }
            }
        }
    });
    return copies;
}

at::Tensor weight_gradient(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& gradient, const Shape& shape) {
    const auto outputs = weight.size(0), inputs = weight.size(1), height = weight.size(2), width = weight.size(3);
    if (is_point(weight, shape.padding)) {
        const auto taken = shape.stride[0] == 1 && shape.stride[1] == 1
            ? x
            : x.slice(2, 0, c10::nullopt, shape.stride[0]).slice(3, 0, c10::nullopt, shape.stride[1]).contiguous(at::MemoryFormat::ChannelsLast);
        return product(positions(gradient).t(), positions(taken)).reshape(weight.sizes());
    }
    const auto per_image = gradient.size(2) * gradient.size(3) * height * width * inputs * static_cast<int64_t>(sizeof(at::BFloat16));
    const auto step = std::max<int64_t>(1, kMostCopied / per_image);
    at::Tensor sum;
    for (int64_t first = 0; first < x.size(0); first += step) {
        const auto images = std::min(step, x.size(0) - first);
        auto part = product(positions(gradient.narrow(0, first, images)).t(), seen(x, first, images, weight, gradient, shape));
        // Parts are summed in float32: bfloat16 would lose the last of many.
        if (images == x.size(0)) sum = part;
        else sum = sum.defined() ? sum.add_(part) : part.to(at::kFloat);
    }
    return sum.to(at::kBFloat16).reshape({outputs, height, width, inputs}).permute({0, 3, 1, 2});
}

// Of a point's convolution: each position of the input that the stride meets.
at::Tensor input_gradient(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& gradient, const Shape& shape) {
    const auto inputs = weight.size(1);
    const auto met = product(positions(gradient), weight.reshape({-1, inputs}))
        .reshape({gradient.size(0), gradient.size(2), gradient.size(3), inputs}).permute({0, 3, 1, 2});
    if (shape.stride[0] == 1 && shape.stride[1] == 1) return met;
    auto all = at::zeros(x.sizes(), x.options().memory_format(at::MemoryFormat::ChannelsLast));
    all.slice(2, 0, c10::nullopt, shape.stride[0]).slice(3, 0, c10::nullopt, shape.stride[1]).copy_(met);
    return all;
}

struct Bfloat16Convolution : Function<Bfloat16Convolution> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight, const c10::optional<at::Tensor>& bias,
                              std::vector<int64_t> stride, std::vector<int64_t> padding, std::vector<int64_t> dilation) {
        at::AutoDispatchBelowADInplaceOrView below;
        context->save_for_backward({x, weight});
        context->saved_data["stride"] = stride;
        context->saved_data["padding"] = padding;
        context->saved_data["dilation"] = dilation;
        context->saved_data["biased"] = bias.has_value();
        return at::conv2d(x.contiguous(at::MemoryFormat::ChannelsLast), weight, bias, stride, padding, dilation);
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        const auto saved = context->get_saved_variables();
        const auto &x = saved[0], &weight = saved[1];
        const Shape shape{context->saved_data["stride"].toIntVector(), context->saved_data["padding"].toIntVector(), context->saved_data["dilation"].toIntVector()};
        const bool biased = context->saved_data["biased"].toBool();
        const std::array<bool, 3> wanted{context->needs_input_grad(0), context->needs_input_grad(1), biased && context->needs_input_grad(2)};
        const auto usual = [&](std::array<bool, 3> mask) {
            return at::convolution_backward(
                gradients[0], x, weight, at::IntArrayRef({weight.size(0)}), shape.stride, shape.padding, shape.dilation, false, {0, 0}, 1, mask);
        };
        at::Tensor of_x, of_weight, of_bias;
        if (at::GradMode::is_enabled()) {
            // A gradient of the gradient needs operations that have one.
            std::tie(of_x, of_weight, of_bias) = usual(wanted);
        } else {
            at::AutoDispatchBelowADInplaceOrView below;
            const auto gradient = gradients[0].contiguous(at::MemoryFormat::ChannelsLast), images = x.contiguous(at::MemoryFormat::ChannelsLast);
            if (wanted[0]) of_x = is_point(weight, shape.padding) ? input_gradient(images, weight, gradient, shape) : std::get<0>(usual({true, false, false}));
            if (wanted[1]) of_weight = weight_gradient(images, weight, gradient, shape);
            if (wanted[2]) of_bias = gradient.sum({0, 2, 3}, false, at::kFloat).to(gradient.scalar_type());
        }
        return {of_x, of_weight, of_bias, at::Tensor(), at::Tensor(), at::Tensor()};
    }
};

bool is_bfloat16(const at::Tensor& x, const at::Tensor& weight) {
    return mnc::autocast::is_enabled(at::kCPU)
        ? mnc::autocast::dtype(at::kCPU) == at::kBFloat16
        : x.scalar_type() == at::kBFloat16 && weight.scalar_type() == at::kBFloat16;
}

}  // namespace

bool computes_bfloat16() {
#if defined(__x86_64__)
    static const bool computes = __builtin_cpu_supports("avx512bf16");
    return computes;
#else
    return false;
#endif
}

bool emulates_bfloat16(const at::Tensor& x, const at::Tensor& weight) {
    return !computes_bfloat16() && x.device().is_cpu() && weight.device().is_cpu() && is_bfloat16(x, weight) && !torch::jit::tracer::isTracing();
}

bool convolves_in_bfloat16(const at::Tensor& x, const at::Tensor& weight, at::IntArrayRef padding, int64_t groups) {
    return at::GradMode::is_enabled() && weight.requires_grad() && x.dim() == 4 && weight.dim() == 4 && x.device().is_cpu() && weight.device().is_cpu()
        && groups == 1 && x.size(1) == weight.size(1) && x.numel() > 0 && is_bfloat16(x, weight) && (is_point(weight, padding) || weight.size(1) >= kLeastChannels)
        && x.size(2) + 2 * padding[0] >= weight.size(2) && x.size(3) + 2 * padding[1] >= weight.size(3)
        // A traced graph must show libtorch's own operation.
        && !torch::jit::tracer::isTracing();
}

at::Tensor bfloat16_convolution(const at::Tensor& x, const at::Tensor& weight, const c10::optional<at::Tensor>& bias, at::IntArrayRef stride,
                            at::IntArrayRef padding, at::IntArrayRef dilation) {
    const auto cast = [](const at::Tensor& tensor) { return at::autocast::cached_cast(at::kBFloat16, tensor, c10::DeviceType::CPU); };
    const auto cast_x = cast(x), cast_weight = cast(weight);
    const auto cast_bias = bias && bias->defined() ? c10::optional<at::Tensor>(cast(*bias)) : c10::nullopt;
    const c10::impl::ExcludeDispatchKeyGuard no_autocast(c10::DispatchKey::AutocastCPU);
    return Bfloat16Convolution::apply(cast_x, cast_weight, cast_bias, stride.vec(), padding.vec(), dilation.vec());
}

}  // namespace mnc

MNC_API bool mnc_cpu_is_bf16_supported() {
    return mnc::computes_bfloat16();
}
