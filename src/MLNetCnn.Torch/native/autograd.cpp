// Gradients: the graph, the modes that steer its recording, and mixed precision.
#include "abi.h"
#include "autocast.h"

using mnc::Handle;

MNC_API int mnc_requires_grad(Handle self, bool* result) {
    return mnc::guarded([&] { *result = self->requires_grad(); });
}

MNC_API int mnc_set_requires_grad(Handle self, bool value) {
    return mnc::guarded([&] { self->set_requires_grad(value); });
}

MNC_API int mnc_is_leaf(Handle self, bool* result) {
    return mnc::guarded([&] { *result = self->is_leaf(); });
}

MNC_API int mnc_retain_grad(Handle self) {
    return mnc::guarded([&] { self->retain_grad(); });
}

// A null handle where there is none.
MNC_API int mnc_grad(Handle self, Handle* result) {
    return mnc::guarded([&] {
        const auto& grad = self->grad();
        *result = grad.defined() ? mnc::wrap(grad) : nullptr;
    });
}

MNC_API int mnc_set_grad(Handle self, Handle grad) {
    return mnc::guarded([&] {
        const auto given = mnc::tensor_or_undefined(grad);
        TORCH_CHECK(!given.defined() || (given.sizes() == self->sizes() && given.device() == self->device()),
            "a gradient of ", given.defined() ? given.sizes() : at::IntArrayRef(), " does not fit a tensor of ", self->sizes());
        self->mutable_grad() = given;
    });
}

MNC_API int mnc_zero_grad(const Handle* tensors, int64_t count, bool set_to_none) {
    return mnc::guarded([&] {
        for (int64_t i = 0; i < count; i++) {
            auto& grad = tensors[i]->mutable_grad();
            if (!grad.defined()) continue;
            if (set_to_none) {
                grad.reset();
            } else {
                grad.detach_().zero_();
            }
        }
    });
}

MNC_API int mnc_detach(Handle self, Handle* result) {
    return mnc::returning(result, [&] { return self->detach(); });
}

MNC_API int mnc_backward(Handle self, Handle gradient, bool retain_graph, bool create_graph) {
    return mnc::guarded([&] { self->backward(mnc::tensor_or_undefined(gradient), retain_graph, create_graph); });
}

MNC_API int mnc_autograd_grad(const Handle* outputs, int64_t output_count, const Handle* inputs, int64_t input_count,
                              const Handle* gradients, int64_t gradient_count, bool retain_graph, bool create_graph, Handle* results) {
    return mnc::guarded([&] {
        auto grads = torch::autograd::grad(mnc::tensors(outputs, output_count), mnc::tensors(inputs, input_count),
                                           mnc::tensors(gradients, gradient_count), retain_graph, create_graph);
        for (size_t i = 0; i < grads.size(); i++) results[i] = mnc::wrap(std::move(grads[i]));
    });
}

MNC_API int mnc_grad_enabled(bool* result) {
    return mnc::guarded([&] { *result = at::GradMode::is_enabled(); });
}

MNC_API int mnc_set_grad_enabled(bool value) {
    return mnc::guarded([&] { at::GradMode::set_enabled(value); });
}

MNC_API int mnc_inference_mode_enter(bool enabled, c10::InferenceMode** result) {
    return mnc::guarded([&] { *result = new c10::InferenceMode(enabled); });
}

MNC_API int mnc_inference_mode_leave(c10::InferenceMode* mode) {
    return mnc::guarded([&] { delete mode; });
}

MNC_API int mnc_autocast_enter(int32_t device_type, int32_t dtype, bool enabled, bool* was_enabled, int32_t* previous_dtype) {
    return mnc::guarded([&] {
        auto device = static_cast<at::DeviceType>(device_type);
        *was_enabled = mnc::autocast::is_enabled(device);
        *previous_dtype = static_cast<int32_t>(mnc::autocast::dtype(device));
        mnc::autocast::set(device, enabled, static_cast<at::ScalarType>(dtype));
        at::autocast::increment_nesting();
    });
}

// The outermost end drops the weights' casts, which the next step's update makes stale.
MNC_API int mnc_autocast_leave(int32_t device_type, int32_t dtype, bool enabled) {
    return mnc::guarded([&] {
        if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
        mnc::autocast::set(static_cast<at::DeviceType>(device_type), enabled, static_cast<at::ScalarType>(dtype));
    });
}
