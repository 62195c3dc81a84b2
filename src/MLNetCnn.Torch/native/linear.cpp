#include "linear.h"

#include "autocast.h"
#include "matrices.h"

#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/jit/frontend/tracer.h>

#include <algorithm>
#include <optional>

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

namespace mnc {

namespace {

// Copied where neither its rows nor its columns lie in memory one after the other.
struct Operand {
    explicit Operand(const at::Tensor& matrix) : tensor(matrix) {
        const auto in_order = [&](int64_t across, int64_t along) { return tensor.stride(along) == 1 && tensor.stride(across) >= tensor.size(along); };
        if (!in_order(0, 1) && !in_order(1, 0)) tensor = tensor.contiguous();
        const bool transposed = !in_order(0, 1);
        view = {tensor.data_ptr<float>(), tensor.size(0), tensor.size(1), std::max<int64_t>(1, tensor.stride(transposed ? 1 : 0)), transposed};
    }

    at::Tensor tensor;
    Matrix view;
};

// a·b, and the bias added to each row where there is one.
at::Tensor product(const at::Tensor& a, const at::Tensor& b, const at::Tensor& bias = {}) {
    if (a.numel() == 0 || b.numel() == 0) return bias.defined() ? at::addmm(bias, a, b) : a.mm(b);
    auto result = at::empty({a.size(0), b.size(1)}, a.options());
    if (bias.defined()) result.copy_(bias);
    multiply(Operand(a).view, Operand(b).view, result.data_ptr<float>(), result.size(1), bias.defined());
    return result;
}

// Without the guard every operation would look for a graph to enter first.
struct Dense : Function<Dense> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
        context->save_for_backward({x, weight});
        at::AutoDispatchBelowADInplaceOrView below;
        return product(x, weight.t(), bias);
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        const auto saved = context->get_saved_variables();
        const auto &x = saved[0], &weight = saved[1], &gradient = gradients[0];
        // A gradient of the gradient needs its graph, which only libtorch's own operations have.
        std::optional<at::AutoDispatchBelowADInplaceOrView> below;
        if (!at::GradMode::is_enabled()) below.emplace();
        const auto times = [&](const at::Tensor& a, const at::Tensor& b) { return below ? product(a, b) : a.mm(b); };
        return {
            context->needs_input_grad(0) ? times(gradient, weight) : at::Tensor(),
            context->needs_input_grad(1) ? times(gradient.t(), x) : at::Tensor(),
            context->needs_input_grad(2) ? gradient.sum(0) : at::Tensor()};
    }
};

bool is_matrix(const at::Tensor& tensor) {
    return tensor.dim() == 2 && tensor.device().is_cpu() && tensor.scalar_type() == at::kFloat;
}

bool is_dense(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
    return bias.defined() && bias.dim() == 1 && bias.scalar_type() == at::kFloat && is_matrix(x) && is_matrix(weight)
        && x.size(1) == weight.size(1) && bias.size(0) == weight.size(0) && !mnc::autocast::is_enabled(at::kCPU)
        // A traced graph must show libtorch's own operation.
        && !torch::jit::tracer::isTracing();
}

}  // namespace

at::Tensor linear(const at::Tensor& x, const at::Tensor& weight, const c10::optional<at::Tensor>& bias) {
    const auto offset = bias.value_or(at::Tensor());
    return is_dense(x, weight, offset) ? Dense::apply(x, weight, offset) : at::linear(x, weight, bias);
}

}  // namespace mnc
