#include "pool2x2.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/jit/frontend/tracer.h>

#include <algorithm>

// Vector instructions where the processor has them, chosen when the library is loaded. Rows are short: 256 bits leave less over
// than 512.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define MNC_VECTORISED __attribute__((target_clones("arch=haswell", "default"), optimize("O3", "no-trapping-math")))
#else
#define MNC_VECTORISED
#endif

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

namespace mnc {

namespace {

// Enough rows for a thread to be worth waking.
constexpr int64_t kGrain = 512;

MNC_VECTORISED void average_row(const float* upper, const float* lower, float* out, int64_t width) {
    for (int64_t x = 0; x < width; x++) {
        out[x] = (upper[2 * x] + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1]) * 0.25f;
    }
}

MNC_VECTORISED void average_row_backward(const float* gradient, float* upper, float* lower, int64_t width) {
    for (int64_t x = 0; x < width; x++) {
        const float share = gradient[x] * 0.25f;
        upper[2 * x] = share;
        upper[2 * x + 1] = share;
        lower[2 * x] = share;
        lower[2 * x + 1] = share;
    }
}

// As libtorch: the first of equal maxima wins, and a NaN is a maximum.
// Selections instead of branches, and a float for the winner's place, let the compiler vectorise the loops.
MNC_VECTORISED void maximum_row(const float* upper, const float* lower, float* out, float* place, int64_t width) {
    for (int64_t x = 0; x < width; x++) {
        const float b = upper[2 * x + 1], c = lower[2 * x], d = lower[2 * x + 1];
        float best = upper[2 * x], at = 0.0f;
        at = b > best ? 1.0f : at;
        best = b > best ? b : best;
        at = b != b ? 1.0f : at;
        best = b != b ? b : best;
        at = c > best ? 2.0f : at;
        best = c > best ? c : best;
        at = c != c ? 2.0f : at;
        best = c != c ? c : best;
        at = d > best ? 3.0f : at;
        best = d > best ? d : best;
        at = d != d ? 3.0f : at;
        best = d != d ? d : best;
        out[x] = best;
        place[x] = at;
    }
}

MNC_VECTORISED void maximum_row_backward(const float* gradient, const float* place, float* upper, float* lower, int64_t width) {
    for (int64_t x = 0; x < width; x++) {
        const float g = gradient[x], at = place[x];
        upper[2 * x] = at == 0.0f ? g : 0.0f;
        upper[2 * x + 1] = at == 1.0f ? g : 0.0f;
        lower[2 * x] = at == 2.0f ? g : 0.0f;
        lower[2 * x + 1] = at == 3.0f ? g : 0.0f;
    }
}

// The loops below leave no graph behind them.
void refuse_second_order() {
    TORCH_CHECK(!at::GradMode::is_enabled(), "2x2 pooling has no gradient of its gradient: call backward without create_graph");
}

struct Shape {
    int64_t height, width, rows, columns, planes;

    explicit Shape(const at::Tensor& input) : Shape(input.size(2), input.size(3), input.size(0) * input.size(1)) {}

    // In the backward pass only the gradient is at hand, and the input's size as the forward pass saved it.
    Shape(const at::Tensor& gradient, AutogradContext* context)
        : Shape(context->saved_data["height"].toInt(), context->saved_data["width"].toInt(), gradient.size(0) * gradient.size(1)) {}

    Shape(int64_t height, int64_t width, int64_t planes)
        : height(height), width(width), rows(height / 2), columns(width / 2), planes(planes) {}

    void save(AutogradContext* context) const {
        context->saved_data["height"] = height;
        context->saved_data["width"] = width;
    }

    // Visits every output row: its number, and the offsets of its first element and of the upper input row.
    template <class Visit>
    void for_each_row(Visit&& visit) const {
        at::parallel_for(0, planes * rows, kGrain, [&](int64_t begin, int64_t end) {
            for (int64_t row = begin; row < end; row++) {
                visit(row * columns, (row / rows) * height * width + (row % rows) * 2 * width);
            }
        });
    }

    // Odd sizes leave a last row or column that belongs to no window.
    at::Tensor gradient_like(const at::Tensor& gradient) const {
        auto sizes = gradient.sizes().vec();
        sizes[2] = height;
        sizes[3] = width;
        return height % 2 == 0 && width % 2 == 0 ? at::empty(sizes, gradient.options()) : at::zeros(sizes, gradient.options());
    }
};

struct Average : Function<Average> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x) {
        const Shape shape(x);
        shape.save(context);
        auto out = at::empty({x.size(0), x.size(1), shape.rows, shape.columns}, x.options());
        const float* in = x.data_ptr<float>();
        float* result = out.data_ptr<float>();
        shape.for_each_row([&](int64_t to, int64_t from) {
            average_row(in + from, in + from + shape.width, result + to, shape.columns);
        });
        return out;
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        refuse_second_order();
        const auto gradient = gradients[0].contiguous();
        const Shape shape(gradient, context);
        auto out = shape.gradient_like(gradient);
        const float* in = gradient.data_ptr<float>();
        float* result = out.data_ptr<float>();
        shape.for_each_row([&](int64_t from, int64_t to) {
            average_row_backward(in + from, result + to, result + to + shape.width, shape.columns);
        });
        return {out};
    }
};

struct Maximum : Function<Maximum> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x) {
        const Shape shape(x);
        auto out = at::empty({x.size(0), x.size(1), shape.rows, shape.columns}, x.options());
        auto places = at::empty(out.sizes(), x.options());
        shape.save(context);
        context->save_for_backward({places});
        const float* in = x.data_ptr<float>();
        float* result = out.data_ptr<float>();
        float* place = places.data_ptr<float>();
        shape.for_each_row([&](int64_t to, int64_t from) {
            maximum_row(in + from, in + from + shape.width, result + to, place + to, shape.columns);
        });
        return out;
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        refuse_second_order();
        const auto gradient = gradients[0].contiguous();
        const auto places = context->get_saved_variables()[0];
        const Shape shape(gradient, context);
        auto out = shape.gradient_like(gradient);
        const float* in = gradient.data_ptr<float>();
        const float* place = places.data_ptr<float>();
        float* result = out.data_ptr<float>();
        shape.for_each_row([&](int64_t from, int64_t to) {
            maximum_row_backward(in + from, place + from, result + to, result + to + shape.width, shape.columns);
        });
        return {out};
    }
};

}  // namespace

bool pools_2x2(const at::Tensor& x, at::IntArrayRef kernel, at::IntArrayRef stride, at::IntArrayRef padding, bool ceil_mode) {
    const auto all = [](at::IntArrayRef values, int64_t value) {
        return std::all_of(values.begin(), values.end(), [value](int64_t v) { return v == value; });
    };
    return x.dim() == 4 && x.device().is_cpu() && x.scalar_type() == at::kFloat && x.numel() > 0 && x.is_contiguous()
        && x.size(2) > 1 && x.size(3) > 1 && all(kernel, 2) && all(stride, 2) && all(padding, 0)
        && (!ceil_mode || (x.size(2) % 2 == 0 && x.size(3) % 2 == 0))
        // A traced graph must show libtorch's own operation.
        && !torch::jit::tracer::isTracing();
}

at::Tensor average_2x2(const at::Tensor& x) {
    return Average::apply(x);
}

at::Tensor maximum_2x2(const at::Tensor& x) {
    return Maximum::apply(x);
}

}  // namespace mnc
