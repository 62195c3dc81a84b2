#include "batch_norm.h"
#include "wide.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/jit/frontend/tracer.h>

#include <algorithm>
#include <cstring>

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

namespace mnc {

namespace {

// Elements that one thread takes at once. The sums of such portions are added up in double precision and in their order: results do
// not depend on the number of threads.
constexpr int64_t kPortion = 32 << 10;

using Half = uint16_t;  // bfloat16, by its bits

inline __attribute__((always_inline)) float widened(float value) { return value; }

inline __attribute__((always_inline)) float widened(Half bits) {
    const uint32_t wide = static_cast<uint32_t>(bits) << 16;
    float value;
    std::memcpy(&value, &wide, sizeof value);
    return value;
}

inline __attribute__((always_inline)) void store(float value, float* to) { *to = value; }

// To the nearest, ties to even; NaN stays NaN.
inline __attribute__((always_inline)) void store(float value, Half* to) {
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    const uint32_t rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
    *to = static_cast<Half>((bits & 0x7fffffffu) > 0x7f800000u ? 0x7fc0u : rounded);
}

// Rows are positions, [C] each. `scale` and `shift` make of a channel what `clamp` is held against.
struct Channels {
    int64_t count;
    const float *scale, *shift;
    Clamp clamp;
};

// sum += x - origin, square += (x - origin)²: far from zero, squares alone would lose the variance.
template <class T>
inline __attribute__((always_inline)) void add_moments(const T* x, int64_t rows, int64_t channels, const float* origin, float* __restrict sum, float* __restrict square) {
    int64_t row = 0;
    for (; row + 4 <= rows; row += 4, x += 4 * channels) {
        for (int64_t c = 0; c < channels; ++c) {
            const float a = widened(x[c]) - origin[c], b = widened(x[c + channels]) - origin[c], d = widened(x[c + 2 * channels]) - origin[c],
                        e = widened(x[c + 3 * channels]) - origin[c];
            sum[c] += (a + b) + (d + e);
            square[c] += (a * a + b * b) + (d * d + e * e);
        }
    }
    for (; row < rows; ++row, x += channels) {
        for (int64_t c = 0; c < channels; ++c) {
            const float a = widened(x[c]) - origin[c];
            sum[c] += a;
            square[c] += a * a;
        }
    }
}

template <class T>
inline __attribute__((always_inline)) void transform(const T* x, const T* residual, int64_t rows, const Channels& of, T* __restrict y) {
    const float low = of.clamp.low, high = of.clamp.high, *scale = of.scale, *shift = of.shift;
    const int64_t channels = of.count;
    for (int64_t row = 0; row < rows; ++row, x += channels, y += channels) {
        if (residual == nullptr) {
            for (int64_t c = 0; c < channels; ++c) {
                float value = widened(x[c]) * scale[c] + shift[c];
                value = value < low ? low : value;
                store(value > high ? high : value, y + c);
            }
        } else {
            for (int64_t c = 0; c < channels; ++c) {
                float value = widened(x[c]) * scale[c] + shift[c] + widened(residual[c]);
                value = value < low ? low : value;
                store(value > high ? high : value, y + c);
            }
            residual += channels;
        }
    }
}

// The gradient where `seen` lies between the bounds, and nothing elsewhere; NaN is never silenced.
template <class T>
inline __attribute__((always_inline)) float passed(T gradient, T seen, float scale, float shift, float low, float high) {
    const float value = widened(seen) * scale + shift;
    return value <= low || value >= high ? 0.0f : widened(gradient);
}

// sum += passed gradient, dot += passed gradient · (x - mean); the passed gradient itself is kept where there is room for it.
template <class T>
inline __attribute__((always_inline)) void add_gradients(const T* x, const T* gradient, const T* seen, int64_t rows, const Channels& of, const float* mean,
                                                         float* __restrict sum, float* __restrict dot, T* __restrict kept) {
    const float low = of.clamp.low, high = of.clamp.high, *scale = of.scale, *shift = of.shift;
    const int64_t channels = of.count;
    for (int64_t row = 0; row < rows; ++row, x += channels, gradient += channels, seen += channels) {
        if (kept == nullptr) {
            for (int64_t c = 0; c < channels; ++c) {
                const float g = passed(gradient[c], seen[c], scale[c], shift[c], low, high);
                sum[c] += g;
                dot[c] += g * (widened(x[c]) - mean[c]);
            }
        } else {
            for (int64_t c = 0; c < channels; ++c) {
                const float g = passed(gradient[c], seen[c], scale[c], shift[c], low, high);
                sum[c] += g;
                dot[c] += g * (widened(x[c]) - mean[c]);
                store(g, kept + c);
            }
            kept += channels;
        }
    }
}

// of_x = of_gradient · passed gradient + of_value · x + constant.
struct Coefficients {
    const float *of_gradient, *of_value, *constant;
};

template <class T>
inline __attribute__((always_inline)) void combine(const T* x, const T* gradient, const T* seen, int64_t rows, const Channels& of, const Coefficients& by, T* __restrict of_x) {
    const float low = of.clamp.low, high = of.clamp.high, *scale = of.scale, *shift = of.shift;
    const int64_t channels = of.count;
    for (int64_t row = 0; row < rows; ++row, x += channels, gradient += channels, seen += channels, of_x += channels) {
        for (int64_t c = 0; c < channels; ++c) {
            const float g = passed(gradient[c], seen[c], scale[c], shift[c], low, high);
            store(by.of_gradient[c] * g + by.of_value[c] * widened(x[c]) + by.constant[c], of_x + c);
        }
    }
}

// With fixed statistics: of_x = of_gradient · passed gradient, which is kept where there is room for it.
template <class T>
inline __attribute__((always_inline)) void pass(const T* gradient, const T* seen, int64_t rows, const Channels& of, const float* of_gradient, T* __restrict of_x, T* __restrict kept) {
    const float low = of.clamp.low, high = of.clamp.high, *scale = of.scale, *shift = of.shift;
    const int64_t channels = of.count;
    for (int64_t row = 0; row < rows; ++row, gradient += channels, seen += channels, of_x += channels) {
        if (kept == nullptr) {
            for (int64_t c = 0; c < channels; ++c) store(of_gradient[c] * passed(gradient[c], seen[c], scale[c], shift[c], low, high), of_x + c);
        } else {
            for (int64_t c = 0; c < channels; ++c) {
                const float g = passed(gradient[c], seen[c], scale[c], shift[c], low, high);
                store(of_gradient[c] * g, of_x + c);
                store(g, kept + c);
            }
            kept += channels;
        }
    }
}

// Functions for several processors cannot be templates.
#define MNC_NORM_KERNELS(T)                                                                                                                       \
    MNC_WIDE void moments(const T* x, int64_t rows, int64_t channels, const float* origin, float* sum, float* square) {                           \
        add_moments(x, rows, channels, origin, sum, square);                                                                                      \
    }                                                                                                                                             \
    MNC_WIDE void forward_rows(const T* x, const T* residual, int64_t rows, const Channels& of, T* y) { transform(x, residual, rows, of, y); }    \
    MNC_WIDE void gradient_sums(const T* x, const T* gradient, const T* seen, int64_t rows, const Channels& of, const float* mean, float* sum,    \
                                float* dot, T* kept) {                                                                                            \
        add_gradients(x, gradient, seen, rows, of, mean, sum, dot, kept);                                                                         \
    }                                                                                                                                             \
    MNC_WIDE void backward_rows(const T* x, const T* gradient, const T* seen, int64_t rows, const Channels& of, const Coefficients& by, T* of_x) { \
        combine(x, gradient, seen, rows, of, by, of_x);                                                                                           \
    }                                                                                                                                             \
    MNC_WIDE void backward_fixed(const T* gradient, const T* seen, int64_t rows, const Channels& of, const float* by, T* of_x, T* kept) {         \
        pass(gradient, seen, rows, of, by, of_x, kept);                                                                                           \
    }

MNC_NORM_KERNELS(float)
MNC_NORM_KERNELS(Half)

#undef MNC_NORM_KERNELS

// A tensor's elements from `offset` on; null where there is no tensor.
template <class T>
T* data_at(const at::Tensor& tensor, int64_t offset) {
    return tensor.defined() ? static_cast<T*>(tensor.data_ptr()) + offset : nullptr;
}

// The positions of a tensor [N, C, H, W], channels last, and their portions.
struct Positions {
    int64_t rows, channels, step, portions;

    explicit Positions(const at::Tensor& x)
        : rows(x.numel() / x.size(1)), channels(x.size(1)), step(std::max<int64_t>(64, kPortion / channels)), portions((rows + step - 1) / step) {}

    // Visits each portion: its number, the offset of its first element and its rows.
    template <class Visit>
    void for_each(Visit&& visit) const {
        at::parallel_for(0, portions, 1, [&](int64_t begin, int64_t end) {
            for (auto portion = begin; portion < end; ++portion) {
                visit(portion, portion * step * channels, std::min(step, rows - portion * step));
            }
        });
    }

    // Two sums per channel that each portion adds to: [2, C], in double precision.
    template <class Add>
    at::Tensor sums(Add&& add) const {
        const auto parts = at::zeros({portions, 2, channels}, at::kFloat);
        auto* all = parts.template data_ptr<float>();
        for_each([&](int64_t portion, int64_t offset, int64_t count) {
            auto* own = all + portion * 2 * channels;
            add(offset, count, own, own + channels);
        });
        return parts.sum(0, false, at::kDouble);
    }
};

template <class Work>
void with_type(const at::Tensor& x, Work&& work) {
    if (x.scalar_type() == at::kFloat) work(float());
    else work(Half());
}

at::Tensor like(const at::Tensor& x) {
    return at::empty(x.sizes(), x.options().memory_format(at::MemoryFormat::ChannelsLast));
}

// The batch's mean and variance (of all, not of all but one), float64 [C] each.
std::pair<at::Tensor, at::Tensor> statistics(const at::Tensor& x, const Positions& positions) {
    const auto origin = x.permute({0, 2, 3, 1}).reshape({positions.rows, positions.channels})[0].to(at::kFloat).contiguous();
    at::Tensor sums;
    with_type(x, [&](auto kind) {
        using T = decltype(kind);
        sums = positions.sums([&](int64_t offset, int64_t rows, float* sum, float* square) {
            moments(data_at<T>(x, offset), rows, positions.channels, origin.data_ptr<float>(), sum, square);
        });
    });
    const auto means = sums.div(static_cast<double>(positions.rows));
    return {means[0] + origin, (means[1] - means[0].square()).clamp_min(0)};
}

struct Normalisation : Function<Normalisation> {
    // The tensors that gradients flow to are arguments of their own.
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const c10::optional<at::Tensor>&, const c10::optional<at::Tensor>&,
                              const c10::optional<at::Tensor>&, const BatchNorm& norm, const at::Tensor* shortcut, Clamp clamp) {
        at::AutoDispatchBelowADInplaceOrView below;
        const auto &weight = norm.weight, &bias = norm.bias, &residual = *shortcut;
        const Positions positions(x);
        at::Tensor mean, variance;
        if (norm.training) {
            std::tie(mean, variance) = statistics(x, positions);
            if (norm.running_mean.defined()) {
                const auto rows = static_cast<double>(positions.rows);
                norm.running_mean.mul_(1 - norm.momentum).add_(mean, norm.momentum);
                norm.running_var.mul_(1 - norm.momentum).add_(variance, norm.momentum * rows / (rows - 1));
            }
        } else {
            mean = norm.running_mean.to(at::kDouble);
            variance = norm.running_var.to(at::kDouble);
        }
        const auto inverse = (variance + norm.eps).rsqrt();
        const auto scale = weight.defined() ? inverse * weight : inverse;
        const auto shift = bias.defined() ? bias - mean * scale : -mean * scale;
        const auto scales = scale.to(at::kFloat), shifts = shift.to(at::kFloat);
        const Channels channels{positions.channels, scales.data_ptr<float>(), shifts.data_ptr<float>(), clamp};
        const auto y = like(x);
        with_type(x, [&](auto kind) {
            using T = decltype(kind);
            positions.for_each([&](int64_t, int64_t offset, int64_t rows) {
                forward_rows(data_at<T>(x, offset), data_at<T>(residual, offset), rows, channels, data_at<T>(y, offset));
            });
        });
        // Fixed statistics of a layer that is not trained need the result alone.
        const bool needs_x = norm.training || (weight.defined() && (weight.requires_grad() || bias.requires_grad()));
        // What the clamp saw can be made again of the input, unless a shortcut was added.
        const bool needs_y = clamp.closes() && (!needs_x || residual.defined());
        context->save_for_backward({needs_x ? x : at::Tensor(), weight, needs_y ? y : at::Tensor()});
        // Constants: no gradient flows through them.
        context->saved_data["mean"] = mean;
        context->saved_data["inverse"] = inverse;
        context->saved_data["scales"] = scales;
        context->saved_data["shifts"] = shifts;
        context->saved_data["training"] = norm.training;
        context->saved_data["residual"] = residual.defined();
        context->saved_data["low"] = static_cast<double>(clamp.low);
        context->saved_data["high"] = static_cast<double>(clamp.high);
        return y;
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        TORCH_CHECK(!at::GradMode::is_enabled(), "batch normalisation has no gradient of its gradient: call backward without create_graph");
        const auto saved = context->get_saved_variables();
        const auto &x = saved[0], &weight = saved[1], &y = saved[2];
        const auto mean = context->saved_data["mean"].toTensor(), inverse = context->saved_data["inverse"].toTensor(),
                   scales = context->saved_data["scales"].toTensor(), shifts = context->saved_data["shifts"].toTensor();
        const bool training = context->saved_data["training"].toBool(), summed = context->saved_data["residual"].toBool();
        const Clamp clamp{static_cast<float>(context->saved_data["low"].toDouble()), static_cast<float>(context->saved_data["high"].toDouble())};
        const auto gradient = gradients[0].contiguous(at::MemoryFormat::ChannelsLast);
        const Positions positions(gradient);
        const auto ones = at::ones({positions.channels}), zeros = at::zeros({positions.channels});
        // Without bounds all passes.
        const Channels open{positions.channels, zeros.data_ptr<float>(), zeros.data_ptr<float>(), Clamp()};
        const auto& seen = y.defined() ? y : clamp.closes() ? x : gradient;
        const auto channels = y.defined()     ? Channels{positions.channels, ones.data_ptr<float>(), zeros.data_ptr<float>(), clamp}
                              : clamp.closes() ? Channels{positions.channels, scales.data_ptr<float>(), shifts.data_ptr<float>(), clamp}
                                               : open;
        const auto of_x = like(gradient), of_residual = summed ? like(gradient) : at::Tensor();
        at::Tensor of_weight, of_bias;
        with_type(gradient, [&](auto kind) {
            using T = decltype(kind);
            at::Tensor sums;
            if (x.defined()) {
                const auto means = mean.to(at::kFloat);
                sums = positions.sums([&](int64_t offset, int64_t rows, float* sum, float* dot) {
                    gradient_sums(data_at<T>(x, offset), data_at<T>(gradient, offset), data_at<T>(seen, offset), rows, channels, means.template data_ptr<float>(),
                                  sum, dot, data_at<T>(of_residual, offset));
                });
                if (weight.defined()) {
                    of_weight = (sums[1] * inverse).to(weight.scalar_type());
                    of_bias = sums[0].to(weight.scalar_type());
                }
            }
            if (!training) {
                positions.for_each([&](int64_t, int64_t offset, int64_t rows) {
                    backward_fixed(data_at<T>(gradient, offset), data_at<T>(seen, offset), rows, channels, scales.template data_ptr<float>(),
                                   data_at<T>(of_x, offset), data_at<T>(of_residual, offset));
                });
                return;
            }
            // The mean and the variance depend on x too (Ioffe and Szegedy 2015, section 3).
            const auto count = static_cast<double>(positions.rows);
            const auto wide = scales.to(at::kDouble);
            const auto of_value = wide.neg() * inverse.square() * sums[1] / count;
            const auto constant = (wide.neg() * sums[0] / count - of_value * mean).to(at::kFloat), values = of_value.to(at::kFloat);
            const Coefficients by{scales.template data_ptr<float>(), values.template data_ptr<float>(), constant.template data_ptr<float>()};
            positions.for_each([&](int64_t, int64_t offset, int64_t rows) {
                // What was kept for the shortcut has passed the clamp already.
                backward_rows(data_at<T>(x, offset), data_at<T>(summed ? of_residual : gradient, offset), data_at<T>(summed ? x : seen, offset), rows,
                              summed ? open : channels, by, data_at<T>(of_x, offset));
            });
        });
        return {of_x, of_weight, of_bias, of_residual, at::Tensor(), at::Tensor(), at::Tensor()};
    }
};

bool is_float_vector(const at::Tensor& tensor, int64_t count) {
    return !tensor.defined() || (tensor.scalar_type() == at::kFloat && tensor.is_cpu() && tensor.numel() == count && tensor.is_contiguous());
}

}  // namespace

bool normalises(const at::Tensor& x, const BatchNorm& norm, const at::Tensor& residual) {
    if (x.dim() != 4 || !x.is_cpu() || x.numel() == 0 || !x.is_contiguous(at::MemoryFormat::ChannelsLast)
        || (x.scalar_type() != at::kFloat && x.scalar_type() != at::kBFloat16)) {
        return false;
    }
    const auto channels = x.size(1);
    return (norm.training || norm.running_mean.defined()) && norm.weight.defined() == norm.bias.defined()
        && norm.running_mean.defined() == norm.running_var.defined() && is_float_vector(norm.weight, channels) && is_float_vector(norm.bias, channels)
        && is_float_vector(norm.running_mean, channels) && is_float_vector(norm.running_var, channels)
        && (!residual.defined() || (residual.sizes() == x.sizes() && residual.scalar_type() == x.scalar_type() && residual.is_cpu()
                                    && residual.is_contiguous(at::MemoryFormat::ChannelsLast)))
        // A traced graph must show libtorch's own operation.
        && !torch::jit::tracer::isTracing();
}

at::Tensor normalise(const at::Tensor& x, const BatchNorm& norm, const at::Tensor& residual, Clamp clamp) {
    const auto given = [](const at::Tensor& tensor) { return tensor.defined() ? c10::optional<at::Tensor>(tensor) : c10::nullopt; };
    return Normalisation::apply(x, given(norm.weight), given(norm.bias), given(residual), norm, &residual, clamp);
}

}  // namespace mnc
