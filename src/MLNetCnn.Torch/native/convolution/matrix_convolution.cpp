#include "matrix_convolution.h"

#include "../autocast.h"
#include "../matrices.h"
#include "kernels.h"

#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/jit/frontend/tracer.h>

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

namespace mnc {

namespace {

// A row of the kernel at one position of the result: `length` weights from `weight` on meet as many pixels from `pixel` on.
struct KernelRow {
    int64_t position, pixel, weight, length;
};

// Everything channels last, so that such rows of all images, or of all filters, are a matrix.
struct KernelRows {
    KernelRows(const at::Tensor& x, const at::Tensor& filters, at::IntArrayRef stride, at::IntArrayRef padding)
        : images(x.size(0)), inputs(x.size(1)), outputs(filters.size(0)), pixels(x.size(2) * x.size(3)), weights(filters.size(2) * filters.size(3)),
          height((x.size(2) + 2 * padding[0] - filters.size(2)) / stride[0] + 1), width((x.size(3) + 2 * padding[1] - filters.size(3)) / stride[1] + 1) {
        for (int64_t position = 0; position < positions(); position++) {
            const int64_t top = position / width * stride[0] - padding[0], left = position % width * stride[1] - padding[1];
            const int64_t first = std::max<int64_t>(0, -left), end = std::min(filters.size(3), x.size(3) - left);
            for (int64_t y = std::max<int64_t>(0, -top); y < std::min(filters.size(2), x.size(2) - top); y++) {
                rows.push_back({position, (top + y) * x.size(3) + left + first, y * filters.size(3) + first, end - first});
            }
        }
    }

    int64_t positions() const { return height * width; }

    // The parts of the tensors that meet in a row of the kernel: [images, length * inputs], [outputs, length * inputs], [images, outputs].
    Matrix pixels_of(const KernelRow& row, const at::Tensor& x) const {
        return {x.data_ptr<float>() + row.pixel * inputs, images, row.length * inputs, pixels * inputs};
    }

    Matrix weights_of(const KernelRow& row, const at::Tensor& filters) const {
        return {filters.data_ptr<float>() + row.weight * inputs, outputs, row.length * inputs, weights * inputs};
    }

    Matrix results_of(const KernelRow& row, const at::Tensor& result) const {
        return {result.data_ptr<float>() + row.position * outputs, images, outputs, positions() * outputs};
    }

    int64_t images, inputs, outputs, pixels, weights, height, width;
    std::vector<KernelRow> rows;
};

Matrix transpose(const Matrix& m) { return {m.data, m.columns, m.rows, m.stride, !m.transposed}; }

void add_product(const Matrix& a, const Matrix& b, const Matrix& sum) { multiply(a, b, const_cast<float*>(sum.data), sum.stride, true); }

at::Tensor channels_last(const at::Tensor& tensor) { return tensor.contiguous(at::MemoryFormat::ChannelsLast); }

at::Tensor zeros(at::IntArrayRef sizes, const at::Tensor& like) {
    return at::empty(sizes, like.options(), at::MemoryFormat::ChannelsLast).zero_();
}

struct MatrixConvolution : Function<MatrixConvolution> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight, const c10::optional<at::Tensor>& bias,
                              std::vector<int64_t> stride, std::vector<int64_t> padding) {
        at::AutoDispatchBelowADInplaceOrView below;
        const auto images = channels_last(x), filters = channels_last(weight);
        context->save_for_backward({x, weight});
        context->saved_data["stride"] = stride;
        context->saved_data["padding"] = padding;
        context->saved_data["biased"] = bias.has_value();
        const KernelRows g(images, filters, stride, padding);
        auto result = zeros({g.images, g.outputs, g.height, g.width}, x);
        if (bias) result.add_(bias->view({1, -1, 1, 1}));
        for (const auto& row : g.rows) add_product(g.pixels_of(row, images), transpose(g.weights_of(row, filters)), g.results_of(row, result));
        return result;
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        const auto saved = context->get_saved_variables();
        const auto &x = saved[0], &weight = saved[1];
        const auto stride = context->saved_data["stride"].toIntVector(), padding = context->saved_data["padding"].toIntVector();
        const bool biased = context->saved_data["biased"].toBool();
        const std::array<bool, 3> wanted{context->needs_input_grad(0), context->needs_input_grad(1), biased && context->needs_input_grad(2)};
        at::Tensor of_x, of_weight, of_bias;
        if (at::GradMode::is_enabled()) {
            // A gradient of the gradient: libtorch's own backward pass can be differentiated again.
            std::tie(of_x, of_weight, of_bias) = at::convolution_backward(
                gradients[0], x, weight, at::IntArrayRef({weight.size(0)}), stride, padding, {1, 1}, false, {0, 0}, 1, wanted);
            return {of_x, of_weight, of_bias, at::Tensor(), at::Tensor()};
        }
        at::AutoDispatchBelowADInplaceOrView below;
        const auto gradient = channels_last(gradients[0]), images = channels_last(x), filters = channels_last(weight);
        const KernelRows g(images, filters, stride, padding);
        if (wanted[0]) {
            of_x = zeros(x.sizes(), x);
            for (const auto& row : g.rows) add_product(g.results_of(row, gradient), g.weights_of(row, filters), g.pixels_of(row, of_x));
        }
        if (wanted[1]) {
            of_weight = zeros(weight.sizes(), weight);
            for (const auto& row : g.rows) add_product(transpose(g.results_of(row, gradient)), g.pixels_of(row, images), g.weights_of(row, of_weight));
        }
        if (wanted[2]) of_bias = gradient.sum({0, 2, 3});
        return {of_x, of_weight, of_bias, at::Tensor(), at::Tensor()};
    }
};

bool is_float(const at::Tensor& tensor, int64_t dimensions) {
    return tensor.dim() == dimensions && tensor.device().is_cpu() && tensor.scalar_type() == at::kFloat && tensor.numel() > 0;
}

}  // namespace

bool convolves_by_matrices(const at::Tensor& x, const at::Tensor& weight, const c10::optional<at::Tensor>& bias, at::IntArrayRef stride,
                           at::IntArrayRef padding, at::IntArrayRef dilation, int64_t groups) {
    if (!is_float(x, 4) || !is_float(weight, 4) || (bias && (!is_float(*bias, 1) || bias->size(0) != weight.size(0))) || groups != 1 || x.size(1) != weight.size(1) || mnc::autocast::is_enabled(at::kCPU)
        // A traced graph must show libtorch's own operation.
        || torch::jit::tracer::isTracing()) {
        return false;
    }
    int64_t positions = 1;
    for (int64_t i = 0; i < 2; i++) {
        const int64_t room = x.size(2 + i) + 2 * padding[i] - weight.size(2 + i);
        if (dilation[i] != 1 || stride[i] <= 0 || padding[i] < 0 || padding[i] >= weight.size(2 + i) || room < 0) return false;
        positions *= room / stride[i] + 1;
    }
    // oneDNN's own convolutions multiply the padding too. Measured against oneDNN 2.6, products of matrices are faster, forwards and
    // backwards, from so many images and channels on, and up to so many positions of the result: wide vectors serve oneDNN's better.
    constexpr int64_t images = 8, channels = 64, wide = 16;
    const int64_t most = convolution::kernels().lanes >= wide ? 4 : 49;
    // A kernel of one pixel that looks at every pixel is one product, as which oneDNN computes it.
    const bool is_pointwise = weight.size(2) * weight.size(3) * stride[0] * stride[1] == 1;
    return positions == 1 || (positions <= most && !is_pointwise && x.size(0) >= images && std::min(x.size(1), weight.size(0)) >= channels
        && x.is_contiguous(at::MemoryFormat::ChannelsLast));
}

at::Tensor matrix_convolution(const at::Tensor& x, const at::Tensor& weight, const c10::optional<at::Tensor>& bias, at::IntArrayRef stride,
                              at::IntArrayRef padding) {
    return MatrixConvolution::apply(x, weight, bias, stride.vec(), padding.vec());
}

}  // namespace mnc
