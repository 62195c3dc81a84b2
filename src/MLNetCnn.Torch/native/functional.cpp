// The layers as functions, and the losses.
#include "abi.h"
#include "activations.h"
#include "batch_norm.h"
#include "convolution/direct_convolution.h"
#include "convolution/bfloat16_convolution.h"
#include "convolution/matrix_convolution.h"
#include "convolution/winograd_convolution.h"
#include "linear.h"
#include "pool2x2.h"

#include <algorithm>
#include <vector>

using mnc::Handle;

namespace {

constexpr int64_t kFewChannels = 16;

}  // namespace

MNC_API int mnc_linear(Handle input, Handle weight, Handle bias, Handle* result) {
    return mnc::returning(result, [&] {
        return mnc::linear(*input, *weight, mnc::optional(bias));
    });
}

// No padding given (null) means "same".
MNC_API int mnc_conv2d(Handle source, Handle weight, Handle bias, const int64_t* stride, const int64_t* padding,
                       const int64_t* dilation, int64_t groups, Handle* result) {
    return mnc::returning(result, [&] {
        // oneDNN 2.6 writes beyond the weights' gradient of a strided 1x1 convolution of few channels: without what the strides pass
        // over, it is one without strides.
        const bool is_thin = padding != nullptr && source->dim() == 4 && source->device().is_cpu() && weight->size(1) < kFewChannels &&
                             weight->size(2) == 1 && weight->size(3) == 1 && padding[0] == 0 && padding[1] == 0 && (stride[0] > 1 || stride[1] > 1);
        const at::Tensor kept = is_thin ? source->slice(2, 0, c10::nullopt, stride[0]).slice(3, 0, c10::nullopt, stride[1]).contiguous(source->suggest_memory_format()) : *source;
        const at::Tensor* input = &kept;
        const std::vector<int64_t> strides = is_thin ? std::vector<int64_t>{1, 1} : mnc::ints(stride, 2).vec();
        auto dilations = mnc::ints(dilation, 2);
        if (padding != nullptr && mnc::convolves_directly(*input, *weight, mnc::optional(bias), strides, mnc::ints(padding, 2), dilations, groups)) {
            return mnc::direct_convolution(*input, *weight, mnc::optional(bias), mnc::ints(padding, 2));
        }
        if (padding != nullptr && mnc::convolves_by_winograd(*input, *weight, mnc::optional(bias), strides, mnc::ints(padding, 2), dilations, groups)) {
            return mnc::winograd_convolution(*input, *weight, mnc::optional(bias), mnc::ints(padding, 2));
        }
        const auto usual = [&](const at::Tensor& x, const at::Tensor& w, const c10::optional<at::Tensor>& b) {
            if (padding != nullptr && mnc::convolves_by_matrices(x, w, b, strides, mnc::ints(padding, 2), dilations, groups)) {
                return mnc::matrix_convolution(x, w, b, strides, mnc::ints(padding, 2));
            }
            return padding == nullptr ? at::conv2d(x, w, b, strides, "same", dilations, groups)
                                      : at::conv2d(x, w, b, strides, mnc::ints(padding, 2), dilations, groups);
        };
        if (mnc::emulates_bfloat16(*input, *weight)) {
            const auto rounded = [](const at::Tensor& tensor) { return tensor.to(at::kBFloat16).to(at::kFloat); };
            const c10::impl::ExcludeDispatchKeyGuard no_autocast(c10::DispatchKey::AutocastCPU);
            return usual(rounded(*input), rounded(*weight), bias == nullptr ? c10::nullopt : c10::optional<at::Tensor>(rounded(*bias))).to(at::kBFloat16);
        }
        if (padding != nullptr && mnc::convolves_in_bfloat16(*input, *weight, mnc::ints(padding, 2), groups)) {
            return mnc::bfloat16_convolution(*input, *weight, mnc::optional(bias), strides, mnc::ints(padding, 2), dilations);
        }
        return usual(*input, *weight, mnc::optional(bias));
    });
}

MNC_API int mnc_conv_transpose2d(Handle input, Handle weight, Handle bias, const int64_t* stride, const int64_t* padding,
                                 const int64_t* output_padding, int64_t groups, const int64_t* dilation, Handle* result) {
    return mnc::returning(result, [&] {
        if (mnc::convolves_transposed_directly(*input, *weight, mnc::optional(bias), mnc::ints(stride, 2), mnc::ints(padding, 2),
                                               mnc::ints(output_padding, 2), mnc::ints(dilation, 2), groups)) {
            return mnc::direct_transposed_convolution(*input, *weight, mnc::optional(bias), mnc::ints(padding, 2));
        }
        return at::conv_transpose2d(*input, *weight, mnc::optional(bias), mnc::ints(stride, 2), mnc::ints(padding, 2),
                                    mnc::ints(output_padding, 2), groups, mnc::ints(dilation, 2));
    });
}

// The shortcut (null for none) is added to what is normalised; the rectifier (0 none, 1 ReLU, 2 ReLU6) comes last.
// A variance of one value per channel is none: refused, as in PyTorch, before it ruins the running one.
MNC_API int mnc_batch_norm(Handle input, Handle weight, Handle bias, Handle running_mean, Handle running_var, Handle shortcut, int32_t rectifier,
                           bool training, double momentum, double eps, Handle* result) {
    return mnc::returning(result, [&] {
        TORCH_CHECK(input->dim() >= 2, "batch normalisation needs an input of at least 2 dimensions, not ", input->dim());
        TORCH_CHECK(!training || input->numel() != input->size(1),
                    "batch normalisation in training needs more than 1 value per channel; the input is ", input->sizes());
        const mnc::BatchNorm norm{mnc::tensor_or_undefined(weight), mnc::tensor_or_undefined(bias), mnc::tensor_or_undefined(running_mean),
                                  mnc::tensor_or_undefined(running_var), training, momentum, eps};
        const auto added = mnc::tensor_or_undefined(shortcut);
        if (mnc::normalises(*input, norm, added)) {
            return mnc::normalise(*input, norm, added, rectifier == 0 ? mnc::Clamp{} : rectifier == 1 ? mnc::Clamp{0} : mnc::Clamp{0, 6});
        }
        auto x = at::batch_norm(*input, norm.weight, norm.bias, norm.running_mean, norm.running_var, training, momentum, eps,
                                at::globalContext().userEnabledCuDNN());
        if (added.defined()) x = x.add_(added);
        return rectifier == 0 ? x : rectifier == 1 ? at::relu_(x) : mnc::relu6(x);
    });
}

MNC_API int mnc_layer_norm(Handle input, const int64_t* shape, int64_t dims, Handle weight, Handle bias, double eps, Handle* result) {
    return mnc::returning(result, [&] {
        // On the CPU, automatic mixed precision leaves it the type of what it is given, and it takes no two types.
        const bool is_mixed = weight != nullptr && input->scalar_type() != weight->scalar_type();
        return at::layer_norm(is_mixed ? input->to(weight->scalar_type()) : *input, mnc::ints(shape, dims), mnc::optional(weight), mnc::optional(bias), eps);
    });
}

MNC_API int mnc_max_pool2d(Handle input, const int64_t* kernel, const int64_t* stride, const int64_t* padding,
                           const int64_t* dilation, bool ceil_mode, Handle* result) {
    return mnc::returning(result, [&] {
        if (mnc::pools_2x2(*input, mnc::ints(kernel, 2), mnc::ints(stride, 2), mnc::ints(padding, 2), ceil_mode) && dilation[0] == 1 && dilation[1] == 1) {
            return mnc::maximum_2x2(*input);
        }
        return at::max_pool2d(*input, mnc::ints(kernel, 2), mnc::ints(stride, 2), mnc::ints(padding, 2), mnc::ints(dilation, 2), ceil_mode);
    });
}

MNC_API int mnc_avg_pool2d(Handle input, const int64_t* kernel, const int64_t* stride, const int64_t* padding, bool ceil_mode,
                           bool count_include_pad, int64_t divisor_override, Handle* result) {
    return mnc::returning(result, [&] {
        auto divisor = divisor_override == 0 ? c10::optional<int64_t>() : c10::optional<int64_t>(divisor_override);
        if (mnc::pools_2x2(*input, mnc::ints(kernel, 2), mnc::ints(stride, 2), mnc::ints(padding, 2), ceil_mode) && !divisor.has_value()) {
            return mnc::average_2x2(*input);
        }
        return at::avg_pool2d(*input, mnc::ints(kernel, 2), mnc::ints(stride, 2), mnc::ints(padding, 2), ceil_mode, count_include_pad, divisor);
    });
}

MNC_API int mnc_adaptive_avg_pool2d(Handle input, int64_t height, int64_t width, Handle* result) {
    return mnc::returning(result, [&] { return at::adaptive_avg_pool2d(*input, {height, width}); });
}

MNC_API int mnc_adaptive_max_pool2d(Handle input, int64_t height, int64_t width, Handle* result) {
    return mnc::returning(result, [&] {
        // Windows of one size are a pool's as any other, which has a form in ONNX.
        if (input->dim() == 4 && height > 0 && width > 0 && input->size(2) % height == 0 && input->size(3) % width == 0) {
            return at::max_pool2d(*input, {input->size(2) / height, input->size(3) / width});
        }
        return std::get<0>(at::adaptive_max_pool2d(*input, {height, width}));
    });
}

MNC_API int mnc_pad(Handle input, const int64_t* pad, int64_t count, const char* mode, double value, Handle* result) {
    return mnc::returning(result, [&] {
        std::string name = mode;
        return at::pad(*input, mnc::ints(pad, count), name, name == "constant" ? c10::optional<double>(value) : c10::optional<double>());
    });
}

// The target height and width; `align_corners` counts only where the mode interpolates.
MNC_API int mnc_interpolate(Handle input, int64_t height, int64_t width, int32_t mode, bool align_corners, Handle* result) {
    return mnc::returning(result, [&] {
        const int64_t target[] = {height, width};
        auto size = at::IntArrayRef(target, 2);
        switch (mode) {
            case 0: return at::upsample_nearest2d(*input, size);
            case 1: return at::upsample_bilinear2d(*input, size, align_corners);
            case 2: return at::upsample_bicubic2d(*input, size, align_corners);
            default: return at::adaptive_avg_pool2d(*input, size);
        }
    });
}

MNC_API int mnc_cross_entropy(Handle input, Handle target, Handle weight, int64_t reduction, int64_t ignore_index,
                              double label_smoothing, Handle* result) {
    return mnc::returning(result, [&] {
        return at::cross_entropy_loss(*input, *target, mnc::optional(weight), reduction, ignore_index, label_smoothing);
    });
}

MNC_API int mnc_nll_loss(Handle input, Handle target, Handle weight, int64_t reduction, int64_t ignore_index, Handle* result) {
    return mnc::returning(result, [&] { return at::nll_loss_nd(*input, *target, mnc::optional(weight), reduction, ignore_index); });
}

MNC_API int mnc_mse_loss(Handle input, Handle target, int64_t reduction, Handle* result) {
    return mnc::returning(result, [&] { return at::mse_loss(*input, *target, reduction); });
}

MNC_API int mnc_l1_loss(Handle input, Handle target, int64_t reduction, Handle* result) {
    return mnc::returning(result, [&] { return at::l1_loss(*input, *target, reduction); });
}

MNC_API int mnc_poisson_nll_loss(Handle input, Handle target, bool log_input, bool full, double eps, int64_t reduction, Handle* result) {
    return mnc::returning(result, [&] { return at::poisson_nll_loss(*input, *target, log_input, full, eps, reduction); });
}

MNC_API int mnc_bce_with_logits(Handle input, Handle target, Handle weight, Handle pos_weight, int64_t reduction, Handle* result) {
    return mnc::returning(result, [&] {
        return at::binary_cross_entropy_with_logits(*input, *target, mnc::optional(weight), mnc::optional(pos_weight), reduction);
    });
}

// Adds to totals (float64 [2]): the batch's summed loss and how many logits rows [N, classes] are largest at their label.
MNC_API int mnc_tally(Handle totals, Handle loss, Handle logits, Handle labels) {
    return mnc::guarded([&] {
        at::NoGradGuard no_grad;
        TORCH_CHECK(totals->scalar_type() == at::kDouble && totals->numel() == 2, "totals have to be two float64 numbers; they are ",
                    totals->scalar_type(), " ", totals->sizes());
        TORCH_CHECK(logits->dim() == 2 && labels->dim() == 1 && labels->scalar_type() == at::kLong && logits->size(0) == labels->size(0),
                    "logits have to be [N, classes] and labels int64 [N]; they are ", logits->sizes(), " and ", labels->sizes());
        const int64_t images = logits->size(0), classes = logits->size(1);
        if (logits->device().is_cpu() && logits->scalar_type() == at::kFloat && logits->is_contiguous() && labels->is_contiguous()) {
            const float* row = logits->data_ptr<float>();
            int64_t correct = 0;
            for (int64_t n = 0; n < images; n++, row += classes) {
                correct += std::max_element(row, row + classes) - row == labels->data_ptr<int64_t>()[n];
            }
            totals->data_ptr<double>()[0] += loss->item<double>() * static_cast<double>(images);
            totals->data_ptr<double>()[1] += static_cast<double>(correct);
        } else {
            // On a device nothing may wait for a number to come back.
            const auto correct = logits->argmax(1).eq(*labels).sum().to(at::kDouble);
            totals->add_(at::stack({loss->detach().to(at::kDouble).mul(images), correct}));
        }
    });
}
