#include "fused_convolution.h"

#include "../onednn.h"

#include <ATen/Parallel.h>

#ifdef MNC_HAS_ONEDNN

#include <map>
#include <mutex>

namespace mnc {

namespace {

using dnnl::memory;
using onednn::dims_of;
using onednn::engine;
using onednn::type_of;

dnnl::primitive_attr attributes(bool sums, const Activation& activation) {
    dnnl::post_ops after;
    if (sums) after.append_sum(1.0f);
#if DNNL_VERSION_MAJOR >= 3
    const auto append = [&](dnnl::algorithm kind, float alpha, float beta) { after.append_eltwise(kind, alpha, beta); };
#else
    const auto append = [&](dnnl::algorithm kind, float alpha, float beta) { after.append_eltwise(1.0f, kind, alpha, beta); };
#endif
    switch (activation.kind) {
        case Activation::Kind::none: break;
        case Activation::Kind::relu: append(dnnl::algorithm::eltwise_relu, 0, 0); break;
        case Activation::Kind::clip: append(dnnl::algorithm::eltwise_clip, activation.low, activation.high); break;
        case Activation::Kind::swish: append(dnnl::algorithm::eltwise_swish, 1, 0); break;
        case Activation::Kind::hardswish: append(dnnl::algorithm::eltwise_hardswish, 1.0f / 6, 0.5f); break;
    }
    dnnl::primitive_attr attribute;
    attribute.set_post_ops(after);
    // A scratchpad of the primitive's own could be used by one thread at a time.
    attribute.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    return attribute;
}

}  // namespace

struct FusedConvolution::State {
    struct Plan {
        memory::desc source, weights, result, scratchpad;
        dnnl::convolution_forward primitive;
        memory packed;
    };

    // Sizes of the input, whether there is a shortcut, and the threads: oneDNN shares the work out when it plans.
    using Key = std::array<int64_t, 5>;

    at::Tensor weight, bias;
    ConvolutionGeometry geometry;
    Activation activation;
    std::mutex mutex;
    std::map<Key, std::shared_ptr<Plan>> plans;

    memory::dims result_sizes(const at::Tensor& input) const {
        memory::dims sizes{input.size(0), weight.size(0), 0, 0};
        for (int i = 0; i < 2; ++i) {
            const auto reach = geometry.dilation[i] * (weight.size(2 + i) - 1) + 1;
            sizes[2 + i] = (input.size(2 + i) + geometry.before[i] + geometry.after[i] - reach) / geometry.stride[i] + 1;
        }
        return sizes;
    }

    std::shared_ptr<Plan> plan(const at::Tensor& input, bool sums) {
        const Key key{input.size(0), input.size(2), input.size(3), sums, at::get_num_threads()};
        const std::lock_guard<std::mutex> lock(mutex);
        auto& known = plans[key];
        if (!known) known = make(input, sums);
        return known;
    }

    std::shared_ptr<Plan> make(const at::Tensor& input, bool sums) {
        const auto type = type_of(weight);
        const auto layout = memory::format_tag::nhwc;
        auto filters = dims_of(weight.sizes());
        auto plain = memory::format_tag::oihw;
        if (geometry.groups > 1) {
            filters[0] /= geometry.groups;
            filters.insert(filters.begin(), geometry.groups);
            plain = memory::format_tag::goihw;
        }
        const memory::desc source(dims_of(input.sizes()), type, layout), any(filters, type, memory::format_tag::any),
            shift({weight.size(0)}, memory::data_type::f32, memory::format_tag::x), result(result_sizes(input), type, layout);
        const memory::dims stride{geometry.stride[0], geometry.stride[1]}, dilation{geometry.dilation[0] - 1, geometry.dilation[1] - 1},
            before{geometry.before[0], geometry.before[1]}, after{geometry.after[0], geometry.after[1]};
        constexpr auto inference = dnnl::prop_kind::forward_inference;
        constexpr auto direct = dnnl::algorithm::convolution_direct;
        const auto attribute = attributes(sums, activation);
#if DNNL_VERSION_MAJOR >= 3
        const dnnl::convolution_forward::primitive_desc chosen(
            engine(), inference, direct, source, any, shift, result, stride, dilation, before, after, attribute);
#else
        const dnnl::convolution_forward::primitive_desc chosen(
            {inference, direct, source, any, shift, result, stride, dilation, before, after}, attribute, engine());
#endif
        auto made = std::make_shared<Plan>(Plan{source, chosen.weights_desc(), result, chosen.scratchpad_desc(), dnnl::convolution_forward(chosen), {}});
        // Another size of batch mostly takes its weights in the same order.
        for (const auto& [key, other] : plans) {
            if (other && other->weights == made->weights) made->packed = other->packed;
        }
        if (!made->packed) {
            memory ours({filters, type, plain}, engine(), weight.data_ptr());
            made->packed = memory(made->weights, engine());
            dnnl::stream stream(engine());
            dnnl::reorder(ours, made->packed).execute(stream, ours, made->packed);
            stream.wait();
        }
        return made;
    }
};

bool FusedConvolution::available() {
    return true;
}

FusedConvolution::FusedConvolution(at::Tensor weight, at::Tensor bias, ConvolutionGeometry geometry, Activation activation)
    : state(std::make_unique<State>()) {
    state->weight = weight.contiguous();
    state->bias = bias.to(at::kFloat).contiguous();
    state->geometry = geometry;
    state->activation = activation;
}

FusedConvolution::~FusedConvolution() = default;

at::Tensor FusedConvolution::run(const at::Tensor& input, const at::Tensor& shortcut) {
    const auto& weight = state->weight;
    TORCH_CHECK(
        input.dim() == 4 && input.size(1) == weight.size(1) * state->geometry.groups && input.scalar_type() == weight.scalar_type() && input.is_cpu(),
        "a convolution of ", weight.size(1) * state->geometry.groups, " channels in ", weight.scalar_type(), " on the CPU was given ", input.sizes(), " in ",
        input.scalar_type(), " on ", input.device());
    const auto source = input.contiguous(at::MemoryFormat::ChannelsLast);
    TORCH_CHECK(!shortcut.defined() || (shortcut.sizes() == at::IntArrayRef(state->result_sizes(source)) && shortcut.scalar_type() == source.scalar_type()),
        "a shortcut of ", shortcut.defined() ? shortcut.sizes() : at::IntArrayRef(), " does not fit the result of its convolution of ", input.sizes());
    const auto plan = state->plan(source, shortcut.defined());
    const auto result = shortcut.defined()
        ? shortcut.contiguous(at::MemoryFormat::ChannelsLast)
        : at::empty(state->result_sizes(source), source.options().memory_format(at::MemoryFormat::ChannelsLast));
    const auto scratchpad = at::empty({static_cast<int64_t>(plan->scratchpad.get_size())}, at::kByte);
    dnnl::stream stream(engine());
    plan->primitive.execute(stream, {
        {DNNL_ARG_SRC, memory(plan->source, engine(), source.data_ptr())},
        {DNNL_ARG_WEIGHTS, plan->packed},
        {DNNL_ARG_BIAS, memory({{state->bias.size(0)}, memory::data_type::f32, memory::format_tag::x}, engine(), state->bias.data_ptr())},
        {DNNL_ARG_DST, memory(plan->result, engine(), result.data_ptr())},
        {DNNL_ARG_SCRATCHPAD, memory(plan->scratchpad, engine(), scratchpad.data_ptr())},
    });
    stream.wait();
    return result;
}

}  // namespace mnc

#else

namespace mnc {

struct FusedConvolution::State {};

bool FusedConvolution::available() {
    return false;
}

FusedConvolution::FusedConvolution(at::Tensor, at::Tensor, ConvolutionGeometry, Activation) {
    TORCH_CHECK(false, "built without oneDNN");
}

FusedConvolution::~FusedConvolution() = default;

at::Tensor FusedConvolution::run(const at::Tensor& input, const at::Tensor&) {
    return input;
}

}  // namespace mnc

#endif
