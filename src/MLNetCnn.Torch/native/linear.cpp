#include "linear.h"

#include <ATen/autocast_mode.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/jit/frontend/tracer.h>

#include <optional>

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

namespace mnc {

namespace {

// Without the guard every operation would look for a graph to enter first.
struct Dense : Function<Dense> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
        context->save_for_backward({x, weight});
        at::AutoDispatchBelowADInplaceOrView below;
        return at::addmm(bias, x, weight.t());
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        const auto saved = context->get_saved_variables();
        const auto &x = saved[0], &weight = saved[1], &gradient = gradients[0];
        // A gradient of the gradient needs its graph.
        std::optional<at::AutoDispatchBelowADInplaceOrView> below;
        if (!at::GradMode::is_enabled()) below.emplace();
        return {
            context->needs_input_grad(0) ? gradient.mm(weight) : at::Tensor(),
            context->needs_input_grad(1) ? gradient.t().mm(x) : at::Tensor(),
            context->needs_input_grad(2) ? gradient.sum(0) : at::Tensor()};
    }
};

bool is_matrix(const at::Tensor& tensor) {
    return tensor.dim() == 2 && tensor.device().is_cpu() && tensor.scalar_type() == at::kFloat;
}

}  // namespace

bool is_dense(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
    return bias.defined() && bias.dim() == 1 && bias.scalar_type() == at::kFloat && is_matrix(x) && is_matrix(weight)
        && x.size(1) == weight.size(1) && bias.size(0) == weight.size(0) && !at::autocast::is_cpu_enabled()
        // A traced graph must show libtorch's own operation.
        && !torch::jit::tracer::isTracing();
}

at::Tensor dense(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
    return Dense::apply(x, weight, bias);
}

}  // namespace mnc
