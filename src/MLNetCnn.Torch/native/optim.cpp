// One optimizer step over all parameters of a group in one call. Dense float parameters in memory are updated by one fused
// loop each, in chunks spread over the threads; everything else (CUDA, other dtypes) by libtorch's multi-tensor operations.
#include "abi.h"
#include "wide.h"

#include <ATen/Parallel.h>

#include <array>
#include <cmath>
#include <vector>

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

namespace mnc {
namespace {

// Weights and moments that decay towards zero end as denormal numbers, on which the processor is a hundred times slower: here
// and in every operation that reads them. While this lasts, the thread makes zeros of them.
class FlushDenormals {
public:
#if defined(__SSE2__)
    FlushDenormals() : before_(_mm_getcsr()) { _mm_setcsr(before_ | kFlushToZero | kDenormalsAreZero); }
    ~FlushDenormals() { _mm_setcsr(before_); }

private:
    static constexpr unsigned kFlushToZero = 0x8000, kDenormalsAreZero = 0x0040;
    unsigned before_;
#endif
};

constexpr int64_t kChunk = 16384;
constexpr size_t kStates = 3;

// A parameter in raw memory: value, gradient and state share one layout.
struct Slot {
    float* value;
    const float* gradient;
    std::array<float*, kStates> state;
    int64_t size;
    int64_t index;
};

// The parameters that the loops can't take, as lists for multi-tensor operations.
struct Lists {
    std::vector<at::Tensor> values, gradients;
    std::array<std::vector<at::Tensor>, kStates> state;
    std::vector<int64_t> index;

    template <class Function>
    std::vector<at::Scalar> scalars(Function&& function) const {
        std::vector<at::Scalar> result;
        for (auto i : index) result.emplace_back(function(i));
        return result;
    }
};

bool is_plain(const at::Tensor& value, const at::Tensor& gradient) {
    return value.device().is_cpu() && value.scalar_type() == at::kFloat && gradient.scalar_type() == at::kFloat
        && gradient.layout() == at::kStrided && value.is_non_overlapping_and_dense();
}

// Channels-last weights may meet a gradient or a restored state in another layout.
at::Tensor in_layout_of(const at::Tensor& tensor, const at::Tensor& value) {
    return tensor.strides() == value.strides() ? tensor : at::empty_like(value).copy_(tensor);
}

template <class Algorithm>
int step(const Algorithm& algorithm, const Handle* parameters, std::array<const Handle*, kStates> states, int64_t* steps, int64_t count) {
    return guarded([&] {
        at::NoGradGuard no_grad;
        std::vector<Slot> slots;
        std::vector<at::Tensor> kept;
        Lists lists;
        for (int64_t i = 0; i < count; ++i) {
            const auto& value = *parameters[i];
            auto gradient = value.grad();
            if (!gradient.defined()) continue;
            TORCH_CHECK(gradient.sizes() == value.sizes() && gradient.device() == value.device(),
                "a gradient of ", gradient.sizes(), " on ", gradient.device(), " does not fit its parameter of ", value.sizes(), " on ", value.device());
            ++steps[i];
            const bool plain = is_plain(value, gradient);
            if (plain) {
                kept.push_back(gradient = in_layout_of(gradient, value));
                slots.push_back({value.data_ptr<float>(), gradient.data_ptr<float>(), {}, value.numel(), i});
            } else {
                lists.values.push_back(value);
                lists.gradients.push_back(gradient);
                lists.index.push_back(i);
            }
            for (size_t k = 0; k < kStates; ++k) {
                if (states[k] == nullptr) continue;
                auto& state = *states[k][i];
                TORCH_CHECK(state.sizes() == value.sizes() && state.device() == value.device(),
                    "the optimizer's state of ", state.sizes(), " on ", state.device(), " does not fit its parameter of ", value.sizes(), " on ", value.device(),
                    ": make the optimizer after the network is moved");
                state = in_layout_of(state, value);
                if (plain) slots.back().state[k] = state.data_ptr<float>();
                else lists.state[k].push_back(state);
            }
        }

        std::vector<std::pair<const Slot*, int64_t>> chunks;
        for (const auto& slot : slots) {
            for (int64_t begin = 0; begin < slot.size; begin += kChunk) chunks.emplace_back(&slot, begin);
        }
        at::parallel_for(0, static_cast<int64_t>(chunks.size()), 2, [&](int64_t first, int64_t last) {
            const FlushDenormals flush;
            for (auto c = first; c < last; ++c) {
                const auto& [slot, begin] = chunks[c];
                algorithm.dense(*slot, begin, std::min(begin + kChunk, slot->size));
            }
        });
        if (!lists.values.empty()) algorithm.general(lists);
    });
}

std::vector<at::Tensor> with_decay(const Lists& lists, double weight_decay) {
    return weight_decay == 0 ? lists.gradients : at::_foreach_add(lists.gradients, lists.values, weight_decay);
}

void average(std::vector<at::Tensor>& mean, at::TensorList values, double keep) {
    at::_foreach_mul_(mean, keep);
    at::_foreach_add_(mean, values, 1 - keep);
}

void average_squares(std::vector<at::Tensor>& mean, at::TensorList values, double keep) {
    at::_foreach_mul_(mean, keep);
    at::_foreach_addcmul_(mean, values, values, 1 - keep);
}

// A square root that may set errno, or a division that may trap, is not vectorised.
#pragma GCC push_options
#pragma GCC optimize("no-math-errno", "no-trapping-math")

inline float root(float x) { return __builtin_sqrtf(x); }

struct Sgd {
    const int64_t* steps;
    double lr, momentum, dampening, weight_decay;
    bool nesterov;

    MNC_WIDE void dense(const Slot& s, int64_t begin, int64_t end) const {
        auto* __restrict p = s.value;
        const auto* __restrict g = s.gradient;
        const float rate = lr, decay = weight_decay, keep = momentum;
        if (momentum == 0) {
            for (auto i = begin; i < end; ++i) p[i] -= rate * (g[i] + decay * p[i]);
            return;
        }
        auto* __restrict m = s.state[0];
        // The first gradient fills the buffer undampened.
        const float take = steps[s.index] == 1 ? 1 : 1 - dampening;
        const float direct = nesterov ? 1 : 0, buffered = nesterov ? keep : 1;
        for (auto i = begin; i < end; ++i) {
            const float d = g[i] + decay * p[i];
            m[i] = keep * m[i] + take * d;
            p[i] -= rate * (direct * d + buffered * m[i]);
        }
    }

    void general(Lists& l) const {
        auto d = with_decay(l, weight_decay);
        if (momentum != 0) {
            auto& m = l.state[0];
            at::_foreach_mul_(m, momentum);
            auto taken = at::_foreach_mul(d, l.scalars([&](int64_t i) { return steps[i] == 1 ? 1.0 : 1 - dampening; }));
            at::_foreach_add_(m, taken, 1);
            d = nesterov ? at::_foreach_add(d, m, momentum) : m;
        }
        at::_foreach_add_(l.values, d, -lr);
    }
};

struct Adam {
    const int64_t* steps;
    double lr, beta1, beta2, eps, weight_decay;
    bool decoupled;

    double rate(int64_t i) const { return lr / (1 - std::pow(beta1, steps[i])); }
    double scale(int64_t i) const { return std::sqrt(1 - std::pow(beta2, steps[i])); }

    MNC_WIDE void dense(const Slot& s, int64_t begin, int64_t end) const {
        auto* __restrict p = s.value;
        const auto* __restrict g = s.gradient;
        auto* __restrict m = s.state[0];
        auto* __restrict v = s.state[1];
        const float b1 = beta1, c1 = 1 - beta1, b2 = beta2, c2 = 1 - beta2, e = eps;
        const float r = rate(s.index), scaled = 1 / scale(s.index);
        const float coupled = decoupled ? 0 : weight_decay, shrink = decoupled ? 1 - lr * weight_decay : 1;
        for (auto i = begin; i < end; ++i) {
            const float d = g[i] + coupled * p[i];
            m[i] = b1 * m[i] + c1 * d;
            v[i] = b2 * v[i] + c2 * d * d;
            p[i] = shrink * p[i] - r * (m[i] / (root(v[i]) * scaled + e));
        }
    }

    void general(Lists& l) const {
        if (decoupled) at::_foreach_mul_(l.values, 1 - lr * weight_decay);
        const auto d = with_decay(l, decoupled ? 0 : weight_decay);
        average(l.state[0], d, beta1);
        average_squares(l.state[1], d, beta2);
        auto denominator = at::_foreach_sqrt(l.state[1]);
        at::_foreach_div_(denominator, l.scalars([&](int64_t i) { return scale(i); }));
        at::_foreach_add_(denominator, eps);
        at::_foreach_addcdiv_(l.values, l.state[0], denominator, l.scalars([&](int64_t i) { return -rate(i); }));
    }
};

struct NAdam {
    const int64_t* steps;
    const double* products;
    double lr, beta1, beta2, eps, weight_decay, momentum_decay;

    double mu(int64_t step) const { return beta1 * (1 - 0.5 * std::pow(0.96, step * momentum_decay)); }
    double gradient_rate(int64_t i) const { return lr * (1 - mu(steps[i])) / (1 - products[i]); }
    double momentum_rate(int64_t i) const {
        const double next = mu(steps[i] + 1);
        return lr * next / (1 - products[i] * next);
    }
    double scale(int64_t i) const { return std::sqrt(1 - std::pow(beta2, steps[i])); }

    MNC_WIDE void dense(const Slot& s, int64_t begin, int64_t end) const {
        auto* __restrict p = s.value;
        const auto* __restrict g = s.gradient;
        auto* __restrict m = s.state[0];
        auto* __restrict v = s.state[1];
        const float b1 = beta1, c1 = 1 - beta1, b2 = beta2, c2 = 1 - beta2, e = eps, decay = weight_decay;
        const float rg = gradient_rate(s.index), rm = momentum_rate(s.index), scaled = 1 / scale(s.index);
        for (auto i = begin; i < end; ++i) {
            const float d = g[i] + decay * p[i];
            m[i] = b1 * m[i] + c1 * d;
            v[i] = b2 * v[i] + c2 * d * d;
            p[i] -= (rg * d + rm * m[i]) / (root(v[i]) * scaled + e);
        }
    }

    void general(Lists& l) const {
        const auto d = with_decay(l, weight_decay);
        average(l.state[0], d, beta1);
        average_squares(l.state[1], d, beta2);
        auto denominator = at::_foreach_sqrt(l.state[1]);
        at::_foreach_div_(denominator, l.scalars([&](int64_t i) { return scale(i); }));
        at::_foreach_add_(denominator, eps);
        at::_foreach_addcdiv_(l.values, d, denominator, l.scalars([&](int64_t i) { return -gradient_rate(i); }));
        at::_foreach_addcdiv_(l.values, l.state[0], denominator, l.scalars([&](int64_t i) { return -momentum_rate(i); }));
    }
};

struct Adagrad {
    const int64_t* steps;
    double lr, lr_decay, eps, weight_decay;

    double rate(int64_t i) const { return lr / (1 + (steps[i] - 1) * lr_decay); }

    MNC_WIDE void dense(const Slot& s, int64_t begin, int64_t end) const {
        auto* __restrict p = s.value;
        const auto* __restrict g = s.gradient;
        auto* __restrict sum = s.state[0];
        const float r = rate(s.index), e = eps, decay = weight_decay;
        for (auto i = begin; i < end; ++i) {
            const float d = g[i] + decay * p[i];
            sum[i] += d * d;
            p[i] -= r * (d / (root(sum[i]) + e));
        }
    }

    void general(Lists& l) const {
        const auto d = with_decay(l, weight_decay);
        at::_foreach_addcmul_(l.state[0], d, d, 1);
        auto denominator = at::_foreach_sqrt(l.state[0]);
        at::_foreach_add_(denominator, eps);
        at::_foreach_addcdiv_(l.values, d, denominator, l.scalars([&](int64_t i) { return -rate(i); }));
    }
};

struct RmsProp {
    double lr, alpha, eps, weight_decay, momentum;
    bool centered;

    MNC_WIDE void dense(const Slot& s, int64_t begin, int64_t end) const {
        auto* __restrict p = s.value;
        const auto* __restrict g = s.gradient;
        auto* __restrict square = s.state[0];
        auto* __restrict buffer = s.state[1];
        auto* __restrict mean = s.state[2];
        const float a = alpha, c = 1 - alpha, r = lr, e = eps, decay = weight_decay, keep = momentum;
        for (auto i = begin; i < end; ++i) {
            const float d = g[i] + decay * p[i];
            square[i] = a * square[i] + c * d * d;
            float variance = square[i];
            if (centered) {
                mean[i] = a * mean[i] + c * d;
                variance -= mean[i] * mean[i];
            }
            float change = d / (root(variance) + e);
            if (momentum != 0) change = buffer[i] = keep * buffer[i] + change;
            p[i] -= r * change;
        }
    }

    void general(Lists& l) const {
        const auto d = with_decay(l, weight_decay);
        average_squares(l.state[0], d, alpha);
        auto variance = l.state[0];
        if (centered) {
            average(l.state[2], d, alpha);
            variance = at::_foreach_addcmul(variance, l.state[2], l.state[2], -1);
        }
        auto denominator = at::_foreach_sqrt(variance);
        at::_foreach_add_(denominator, eps);
        auto change = at::_foreach_div(d, denominator);
        if (momentum != 0) {
            at::_foreach_mul_(l.state[1], momentum);
            at::_foreach_add_(l.state[1], change, 1);
            change = l.state[1];
        }
        at::_foreach_add_(l.values, change, -lr);
    }
};

#pragma GCC pop_options

}  // namespace
}  // namespace mnc

// In every step function: `steps` counts the steps that each parameter has taken and is advanced here; parameters without a
// gradient are passed over; a state array is null where the settings need none.

MNC_API int mnc_optim_sgd(
    const mnc::Handle* parameters, const mnc::Handle* momenta, int64_t* steps, int64_t count,
    double lr, double momentum, double dampening, double weight_decay, int nesterov) {
    return mnc::step(mnc::Sgd{steps, lr, momentum, dampening, weight_decay, nesterov != 0}, parameters, {momenta}, steps, count);
}

MNC_API int mnc_optim_adam(
    const mnc::Handle* parameters, const mnc::Handle* means, const mnc::Handle* squares, int64_t* steps, int64_t count,
    double lr, double beta1, double beta2, double eps, double weight_decay, int decoupled) {
    return mnc::step(mnc::Adam{steps, lr, beta1, beta2, eps, weight_decay, decoupled != 0}, parameters, {means, squares}, steps, count);
}

// `products` holds each parameter's product of momentum schedules so far, as it is after `steps` steps; it is advanced here.
MNC_API int mnc_optim_nadam(
    const mnc::Handle* parameters, const mnc::Handle* means, const mnc::Handle* squares, int64_t* steps, double* products, int64_t count,
    double lr, double beta1, double beta2, double eps, double weight_decay, double momentum_decay) {
    const mnc::NAdam nadam{steps, products, lr, beta1, beta2, eps, weight_decay, momentum_decay};
    for (int64_t i = 0; i < count; ++i) {
        if (parameters[i]->grad().defined()) products[i] *= nadam.mu(steps[i] + 1);
    }
    return mnc::step(nadam, parameters, {means, squares}, steps, count);
}

MNC_API int mnc_optim_adagrad(
    const mnc::Handle* parameters, const mnc::Handle* sums, int64_t* steps, int64_t count,
    double lr, double lr_decay, double eps, double weight_decay) {
    return mnc::step(mnc::Adagrad{steps, lr, lr_decay, eps, weight_decay}, parameters, {sums}, steps, count);
}

MNC_API int mnc_optim_rmsprop(
    const mnc::Handle* parameters, const mnc::Handle* squares, const mnc::Handle* buffers, const mnc::Handle* means,
    int64_t* steps, int64_t count,
    double lr, double alpha, double eps, double weight_decay, double momentum, int centered) {
    return mnc::step(
        mnc::RmsProp{lr, alpha, eps, weight_decay, momentum, centered != 0}, parameters, {squares, buffers, means}, steps, count);
}

// Scales all gradients so that their joint norm is at most `max_norm`; `norm` receives the norm before.
MNC_API int mnc_clip_grad_norm(const mnc::Handle* parameters, int64_t count, double max_norm, double norm_type, double* norm) {
    return mnc::guarded([&] {
        at::NoGradGuard no_grad;
        std::vector<at::Tensor> gradients, norms;
        for (int64_t i = 0; i < count; ++i) {
            const auto gradient = parameters[i]->grad();
            if (!gradient.defined()) continue;
            gradients.push_back(gradient);
            norms.push_back(at::linalg_vector_norm(gradient, norm_type).to(at::kDouble));
        }
        *norm = norms.empty() ? 0 : at::linalg_vector_norm(at::stack(norms), norm_type).item<double>();
        const double factor = max_norm / (*norm + 1e-6);
        if (factor < 1) at::_foreach_mul_(gradients, factor);
    });
}
