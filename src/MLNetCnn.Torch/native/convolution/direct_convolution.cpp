#include "direct_convolution.h"

#include "../autocast.h"
#include "kernels.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/jit/frontend/tracer.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

namespace mnc {

namespace {

using convolution::kernels;
using convolution::kOverrun;

// What the kernels read again and again, some planes of the gradient and one of the input, stays in the first-level cache.
constexpr int64_t kChunkFloats = 6 * 1024;
constexpr int64_t kPlanesAtOnce = 5;

// Floats of a cache line: planes begin with one, since a vector that lies across two costs two reads.
constexpr int64_t kLine = 16;

constexpr int64_t aligned(int64_t floats) {
    return (floats + kLine - 1) / kLine * kLine;
}

// A convolution from [N, inputs, height, width] to [N, outputs, rows, columns].
//
// "Banded" planes: rows lie `stride` = width + left padding apart, with zeros after each row's own values, which serve as its right
// padding and as the next row's left one. A kernel's weight at (y, x) is then one shift of the whole plane, and so it is, with the
// sign turned, in the backward pass.
struct Geometry {
    int64_t images, inputs, outputs, height, width, kernel_height, kernel_width, pad_y, pad_x;
    int64_t rows, columns, stride, margin;

    Geometry(int64_t images, int64_t inputs, int64_t outputs, int64_t height, int64_t width, at::IntArrayRef kernel, at::IntArrayRef padding)
        : images(images), inputs(inputs), outputs(outputs), height(height), width(width), kernel_height(kernel[0]),
          kernel_width(kernel[1]), pad_y(padding[0]), pad_x(padding[1]), rows(height + 2 * pad_y - kernel_height + 1),
          columns(width + 2 * pad_x - kernel_width + 1), stride(width + pad_x),
          // What a kernel reaches beyond the rows, whichever way it is read; and what whole vectors do.
          margin(aligned(std::max(kOverrun, std::max(pad_y, kernel_height - 1 - pad_y) * stride + std::max(pad_x, kernel_width - 1 - pad_x)))) {}

    // A banded plane of `count` rows: zeros, its rows, and zeros up to a whole line. The next plane's zeros end it.
    int64_t plane(int64_t count) const { return aligned(margin + count * stride); }

    int64_t planes(int64_t planes, int64_t count) const { return planes * plane(count) + margin + kOverrun; }

    int64_t weights() const { return kernel_height * kernel_width; }

    // How far each weight of `channels` kernels moves planes of `count` rows; sign 1 goes forward, -1 backward. In the weights' order, or
    // by rows of the kernel first, so that some of its rows are a range of the list.
    std::vector<int64_t> shifts(int64_t channels, int64_t count, int64_t sign, bool rows_first) const {
        std::vector<int64_t> list;
        list.reserve(channels * weights());
        for (int64_t i = 0; i < channels * kernel_height; i++) {
            const int64_t c = rows_first ? i % channels : i / kernel_height, y = rows_first ? i / channels : i % kernel_height;
            for (int64_t x = 0; x < kernel_width; x++) {
                list.push_back(c * plane(count) + margin + sign * ((y - pad_y) * stride + x - pad_x));
            }
        }
        return list;
    }

    // Rows `begin` to `end` of a result, for which rows `first` to `last` of the kernel meet rows of the image, not its padding.
    struct Rows {
        int64_t begin, end, first, last;
    };

    std::vector<Rows> reach(int64_t from_rows, int64_t to_rows, bool forward) const {
        std::vector<Rows> list;
        for (int64_t row = 0; row < to_rows; row++) {
            const int64_t first = std::max<int64_t>(0, forward ? pad_y - row : row + pad_y - from_rows + 1);
            const int64_t last = std::max(first, std::min(kernel_height, forward ? from_rows + pad_y - row : row + pad_y + 1));
            if (!list.empty() && list.back().first == first && list.back().last == last) {
                list.back().end++;
            } else {
                list.push_back({row, row + 1, first, last});
            }
        }
        return list;
    }
};

struct Freed {
    void operator()(float* memory) const { std::free(memory); }
};

// Memory that is written before it is read, and begins with a cache line.
std::unique_ptr<float[], Freed> scratch(int64_t floats) {
    auto* memory = static_cast<float*>(std::aligned_alloc(kLine * sizeof(float), aligned(floats) * sizeof(float)));
    if (memory == nullptr) throw std::bad_alloc();
    return std::unique_ptr<float[], Freed>(memory);
}

// Copies a short row in blocks of a fixed size, which needs no call: up to a block less one past its end, or exactly where `room`,
// the floats that may be read and written, forbids it.
inline void copy_row(const float* from, float* to, int64_t columns, int64_t room) {
    constexpr int64_t kBlock = 16;
    const int64_t whole = (columns + kBlock - 1) / kBlock * kBlock;
    if (whole > room) {
        std::memcpy(to, from, columns * sizeof(float));
        return;
    }
    for (int64_t x = 0; x < whole; x += kBlock) std::memcpy(to + x, from + x, kBlock * sizeof(float));
}

// Copies planes of rows × columns into banded ones.
void band(const Geometry& g, const float* from, int64_t planes, int64_t rows, int64_t columns, float* to) {
    const int64_t tail = g.stride - columns, gap = g.plane(rows) - g.margin - rows * g.stride;
    const float* end = from + planes * rows * columns;
    for (int64_t i = 0; i < planes; i++) {
        std::memset(to, 0, g.margin * sizeof(float));
        to += g.margin;
        for (int64_t y = 0; y < rows; y++) {
            copy_row(from, to, columns, end - from);
            for (int64_t x = 0; x < tail; x++) to[columns + x] = 0;
            from += columns;
            to += g.stride;
        }
        for (int64_t x = 0; x < gap; x++) to[x] = 0;
        to += gap;
    }
    std::memset(to, 0, (g.margin + kOverrun) * sizeof(float));
}

void unband(const Geometry& g, const float* from, int64_t from_plane, int64_t planes, int64_t rows, int64_t columns, float* to) {
    const float* end = to + planes * rows * columns;
    for (int64_t i = 0; i < planes; i++) {
        for (int64_t y = 0; y < rows; y++) {
            copy_row(from + i * from_plane + y * g.stride, to, columns, end - to);
            to += columns;
        }
    }
}

// Reorders weights [O, I, …] into blocks of the kernels' width over one of the two channel dimensions, each by rows of the kernel first.
std::vector<float> pack(const Geometry& g, const float* weight, bool by_output) {
    const int64_t taps = g.weights(), channels = by_output ? g.outputs : g.inputs, others = by_output ? g.inputs : g.outputs;
    const int64_t channel_step = by_output ? g.inputs * taps : taps, other_step = by_output ? taps : g.inputs * taps;
    std::vector<float> packed(g.outputs * g.inputs * taps);
    float* to = packed.data();
    const int64_t blocks = convolution::blocks(channels, kernels().block);
    for (int64_t block = 0; block < blocks; block++) {
        const int64_t first = convolution::block_begin(channels, blocks, block), end = convolution::block_begin(channels, blocks, block + 1);
        for (int64_t y = 0; y < g.kernel_height; y++) {
            for (int64_t other = 0; other < others; other++) {
                for (int64_t x = 0; x < g.kernel_width; x++) {
                    const float* from = weight + other * other_step + y * g.kernel_width + x;
                    for (int64_t c = first; c < end; c++) *to++ = from[c * channel_step];
                }
            }
        }
    }
    return packed;
}

// Correlates every image's `from` planes (of from_rows × from_columns) into `to` planes (of to_rows × to_columns).
at::Tensor correlate(const Geometry& g, const at::Tensor& in, const at::Tensor& weight, const at::Tensor& bias, bool forward) {
    const int64_t from = forward ? g.inputs : g.outputs, to = forward ? g.outputs : g.inputs;
    const int64_t from_rows = forward ? g.height : g.rows, from_columns = forward ? g.width : g.columns;
    const int64_t to_rows = forward ? g.rows : g.height, to_columns = forward ? g.columns : g.width;
    const auto shifts = g.shifts(from, from_rows, forward ? 1 : -1, true);
    const auto reach = g.reach(from_rows, to_rows, forward);
    const auto packed = pack(g, weight.data_ptr<float>(), forward);
    const std::vector<float> zeros(bias.defined() ? 0 : to);
    const float* offsets = bias.defined() ? bias.data_ptr<float>() : zeros.data();

    auto out = at::empty({g.images, to, to_rows, to_columns}, in.options());
    const float* source = in.data_ptr<float>();
    float* result = out.data_ptr<float>();
    const int64_t length = to_rows * g.stride, to_plane = aligned(length + kOverrun);
    const int64_t row = from * g.kernel_width;
    const int64_t from_image = from * from_rows * from_columns, to_image = to * to_rows * to_columns;
    at::parallel_for(0, g.images, 1, [&](int64_t begin, int64_t end) {
        const auto banded = scratch(g.planes(from, from_rows)), computed = scratch(to * to_plane);
        for (int64_t n = begin; n < end; n++) {
            band(g, source + n * from_image, from, from_rows, from_columns, banded.get());
            // In order: what a band writes beyond its end belongs to the next.
            for (const auto& rows : reach) {
                kernels().correlate(banded.get() + rows.begin * g.stride, shifts.data(), rows.first * row, rows.last * row,
                                    static_cast<int64_t>(shifts.size()), packed.data(), offsets, computed.get() + rows.begin * g.stride,
                                    to_plane, (rows.end - rows.begin) * g.stride, to);
            }
            unband(g, computed.get(), to_plane, to, to_rows, to_columns, result + n * to_image);
        }
    });
    return out;
}

// The gradient of the weights [O, I, …]. Every thread sums its own images; the sums are added in order.
at::Tensor weight_gradient(const Geometry& g, const at::Tensor& in, const at::Tensor& gradient, at::IntArrayRef sizes) {
    const int64_t parts = std::min<int64_t>(at::get_num_threads(), g.images);
    auto sums = at::empty({parts, sizes[0], sizes[1], sizes[2], sizes[3]}, in.options());
    const auto shifts = g.shifts(g.inputs, g.height, 1, false);
    const int64_t weights = g.outputs * static_cast<int64_t>(shifts.size()), lanes = kernels().lanes;
    const int64_t in_image = g.inputs * g.plane(g.height), gradient_image = g.outputs * g.plane(g.rows);
    const int64_t chunk = std::max<int64_t>(1, kChunkFloats / (kPlanesAtOnce * g.plane(std::max(g.height, g.rows))));
    at::parallel_for(0, parts, 1, [&](int64_t first, int64_t last) {
        const auto banded = scratch(g.planes(chunk * g.inputs, g.height)), gradients = scratch(g.planes(chunk * g.outputs, g.rows));
        const auto partial = scratch(weights * lanes);
        for (int64_t part = first; part < last; part++) {
            std::fill_n(partial.get(), weights * lanes, 0.0f);
            const int64_t end = g.images * (part + 1) / parts;
            for (int64_t n = g.images * part / parts; n < end; n += chunk) {
                const int64_t count = std::min(chunk, end - n);
                band(g, in.data_ptr<float>() + n * g.inputs * g.height * g.width, count * g.inputs, g.height, g.width, banded.get());
                band(g, gradient.data_ptr<float>() + n * g.outputs * g.rows * g.columns, count * g.outputs, g.rows, g.columns, gradients.get());
                kernels().accumulate(banded.get(), in_image, gradients.get() + g.margin, gradient_image, g.plane(g.rows), shifts.data(),
                                     static_cast<int64_t>(shifts.size()), count, g.rows * g.stride, partial.get(), g.outputs);
            }
            kernels().reduce(partial.get(), weights, sums[part].data_ptr<float>());
        }
    });
    return parts == 1 ? sums[0] : sums.sum(0);
}

// The convolution that a forward call on x makes; a transposed one is the same convolution read backwards.
Geometry geometry(const at::Tensor& x, const at::Tensor& weight, at::IntArrayRef padding, bool transposed) {
    const auto kernel = weight.sizes().slice(2);
    return transposed
        ? Geometry(x.size(0), weight.size(1), weight.size(0), x.size(2) - 2 * padding[0] + kernel[0] - 1,
                   x.size(3) - 2 * padding[1] + kernel[1] - 1, kernel, padding)
        : Geometry(x.size(0), weight.size(1), weight.size(0), x.size(2), x.size(3), kernel, padding);
}

struct Convolution : Function<Convolution> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight, const c10::optional<at::Tensor>& bias,
                              std::vector<int64_t> padding, bool transposed) {
        context->save_for_backward({x, weight});
        context->saved_data["padding"] = padding;
        context->saved_data["transposed"] = transposed;
        context->saved_data["bias"] = bias.has_value();
        return correlate(geometry(x, weight, padding, transposed), x, weight.contiguous(), bias.value_or(at::Tensor()), !transposed);
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        const auto saved = context->get_saved_variables();
        const auto &x = saved[0], weight = saved[1].contiguous();
        const auto gradient = gradients[0].contiguous();
        const auto padding = context->saved_data["padding"].toIntVector();
        const bool transposed = context->saved_data["transposed"].toBool();
        const bool has_bias = context->saved_data["bias"].toBool();
        const std::array<bool, 3> wanted = {context->needs_input_grad(0), context->needs_input_grad(1), has_bias && context->needs_input_grad(2)};
        if (at::GradMode::is_enabled()) {
            // A gradient of the gradient: libtorch's own backward pass can be differentiated again.
            const auto [dx, dw, db] = at::convolution_backward(gradient, x, weight, at::IntArrayRef({weight.size(transposed ? 1 : 0)}),
                {1, 1}, padding, {1, 1}, transposed, {0, 0}, 1, wanted);
            return {dx, dw, db, at::Tensor(), at::Tensor()};
        }
        const auto g = geometry(x, weight, padding, transposed);
        return {
            wanted[0] ? correlate(g, gradient, weight, at::Tensor(), transposed) : at::Tensor(),
            wanted[1] ? (transposed ? weight_gradient(g, gradient, x, weight.sizes()) : weight_gradient(g, x, gradient, weight.sizes())) : at::Tensor(),
            wanted[2] ? gradient.sum({0, 2, 3}) : at::Tensor(),
            at::Tensor(), at::Tensor()};
    }
};

bool all(at::IntArrayRef values, int64_t value) {
    return std::all_of(values.begin(), values.end(), [value](int64_t v) { return v == value; });
}

bool plain(const at::Tensor& x, const at::Tensor& weight, const c10::optional<at::Tensor>& bias, int64_t outputs, at::IntArrayRef stride, at::IntArrayRef padding, at::IntArrayRef dilation, int64_t groups) {
    return x.dim() == 4 && weight.dim() == 4 && x.device().is_cpu() && weight.device().is_cpu() && x.scalar_type() == at::kFloat
        && weight.scalar_type() == at::kFloat
        && (!bias || (bias->dim() == 1 && bias->size(0) == outputs && bias->device().is_cpu() && bias->scalar_type() == at::kFloat && bias->is_contiguous()))
        && x.is_contiguous() && x.numel() > 0 && weight.numel() > 0 && groups == 1
        && all(stride, 1) && all(dilation, 1) && padding.size() == 2 && padding[0] >= 0 && padding[0] < weight.size(2)
        && padding[1] >= 0 && padding[1] < weight.size(3)
        && !mnc::autocast::is_enabled(at::kCPU)
        // A traced graph must show libtorch's own operation.
        && !torch::jit::tracer::isTracing();
}

}  // namespace

bool convolves_directly(const at::Tensor& x, const at::Tensor& weight, const c10::optional<at::Tensor>& bias, at::IntArrayRef stride, at::IntArrayRef padding,
                        at::IntArrayRef dilation, int64_t groups) {
    // oneDNN works in blocks of 16 channels: with fewer to read it wastes most of a block, with more it is the faster one.
    return plain(x, weight, bias, weight.size(0), stride, padding, dilation, groups) && x.size(1) == weight.size(1) && weight.size(1) < 16 && weight.size(0) <= 32
        && x.size(2) + 2 * padding[0] >= weight.size(2) && x.size(3) + 2 * padding[1] >= weight.size(3);
}

at::Tensor direct_convolution(const at::Tensor& x, const at::Tensor& weight, const c10::optional<at::Tensor>& bias, at::IntArrayRef padding) {
    return Convolution::apply(x, weight, bias, padding.vec(), false);
}

bool convolves_transposed_directly(const at::Tensor& x, const at::Tensor& weight, const c10::optional<at::Tensor>& bias, at::IntArrayRef stride, at::IntArrayRef padding,
                                   at::IntArrayRef output_padding, at::IntArrayRef dilation, int64_t groups) {
    // libtorch's own is many times slower at every size that small networks have.
    return plain(x, weight, bias, weight.size(1), stride, padding, dilation, groups) && all(output_padding, 0) && x.size(1) == weight.size(0)
        && weight.size(0) <= 64 && weight.size(1) <= 64
        && x.size(2) + weight.size(2) - 1 > 2 * padding[0] && x.size(3) + weight.size(3) - 1 > 2 * padding[1];
}

at::Tensor direct_transposed_convolution(const at::Tensor& x, const at::Tensor& weight, const c10::optional<at::Tensor>& bias, at::IntArrayRef padding) {
    return Convolution::apply(x, weight, bias, padding.vec(), true);
}

}  // namespace mnc
