#include "winograd_convolution.h"

#include "../autocast.h"
#include "../onednn.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/jit/frontend/tracer.h>

#include <algorithm>
#include <array>
#include <map>
#include <mutex>

#ifdef MNC_HAS_ONEDNN

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

namespace mnc {

namespace {

using dnnl::memory;
using onednn::engine;

// Results come in tiles of 4×4; what of them lies outside is wasted. Both limits are measured.
constexpr int64_t kTile = 4, kLeastDepth = 32;
constexpr double kLeastUsed = 0.5;

// So many shapes of one network and its batches; more are forgotten.
constexpr size_t kMostPlans = 512;

// The three passes of one shape, each over blocks of channels as oneDNN wants them.
struct Plan {
    dnnl::convolution_forward::primitive_desc forward;
    dnnl::convolution_backward_data::primitive_desc of_input;
    dnnl::convolution_backward_weights::primitive_desc of_weight;
};

// N, I, H, W, O, padding, threads: oneDNN shares the work out when it plans.
using Key = std::array<int64_t, 8>;

Key key_of(const at::Tensor& x, const at::Tensor& weight, at::IntArrayRef padding) {
    return {x.size(0), x.size(1), x.size(2), x.size(3), weight.size(0), padding[0], padding[1], at::get_num_threads()};
}

Plan make(const Key& key) {
    const auto any = [](memory::dims sizes) { return memory::desc(std::move(sizes), memory::data_type::f32, memory::format_tag::any); };
    const memory::dims ones{1, 1}, padding{key[5], key[6]};
    const auto x = any({key[0], key[1], key[2], key[3]}), weight = any({key[4], key[1], 3, 3}),
               y = any({key[0], key[4], key[2] + 2 * key[5] - 2, key[3] + 2 * key[6] - 2});
    constexpr auto training = dnnl::prop_kind::forward_training;
    constexpr auto winograd = dnnl::algorithm::convolution_winograd;
    dnnl::primitive_attr attribute;
    attribute.set_scratchpad_mode(dnnl::scratchpad_mode::user);
#if DNNL_VERSION_MAJOR >= 3
    const dnnl::convolution_forward::primitive_desc forward(engine(), training, winograd, x, weight, y, ones, padding, padding, attribute);
    return {forward,
            {engine(), winograd, x, weight, y, ones, padding, padding, forward, attribute},
            {engine(), winograd, x, weight, y, ones, padding, padding, forward, attribute}};
#else
    const dnnl::convolution_forward::primitive_desc forward({training, winograd, x, weight, y, ones, padding, padding}, attribute, engine());
    return {forward,
            {{winograd, x, weight, y, ones, padding, padding}, attribute, engine(), forward},
            {{winograd, x, weight, y, ones, padding, padding}, attribute, engine(), forward}};
#endif
}

// Null where oneDNN has no such convolution: on processors without AVX-512, and in versions that gave it up.
std::shared_ptr<const Plan> plan_of(const Key& key) {
    static std::mutex mutex;
    static std::map<Key, std::shared_ptr<const Plan>> plans;
    const std::lock_guard<std::mutex> lock(mutex);
    const auto known = plans.find(key);
    if (known != plans.end()) return known->second;
    if (plans.size() >= kMostPlans) plans.clear();
    std::shared_ptr<const Plan> plan;
    try {
        plan = std::make_shared<const Plan>(make(key));
    } catch (const dnnl::error&) {
    }
    return plans[key] = plan;
}

// Runs primitives one after the other; what they need for themselves lives until it is done.
class Run {
public:
    // A tensor as `wanted` has it, by a copy where it lies otherwise.
    memory in_blocks(const at::Tensor& tensor, const memory::desc& wanted) {
        auto given = onednn::view_of(tensor);
        if (given.get_desc() == wanted) return given;
        auto blocks = room(wanted);
        dnnl::reorder(given, blocks).execute(stream_, given, blocks);
        return blocks;
    }

    memory room(const memory::desc& desc) {
        buffers_.push_back(at::empty({static_cast<int64_t>(desc.get_size())}, at::kByte));
        return memory(desc, engine(), buffers_.back().data_ptr());
    }

    // `filled`, in blocks, as a tensor's elements.
    void out_of_blocks(memory filled, const at::Tensor& tensor) {
        auto target = onednn::view_of(tensor);
        dnnl::reorder(filled, target).execute(stream_, filled, target);
    }

    template <class Primitive, class Desc>
    void execute(const Desc& desc, std::unordered_map<int, memory> arguments) {
        arguments.insert({DNNL_ARG_SCRATCHPAD, room(desc.scratchpad_desc())});
        Primitive(desc).execute(stream_, arguments);
    }

    ~Run() { stream_.wait(); }

private:
    dnnl::stream stream_{engine()};
    std::vector<at::Tensor> buffers_;
};

// As libtorch's own convolution leaves its results.
at::MemoryFormat layout_of(const at::Tensor& x, const at::Tensor& weight) {
    const auto is_channels_last = [](const at::Tensor& tensor) { return tensor.suggest_memory_format() == at::MemoryFormat::ChannelsLast; };
    return is_channels_last(x) || is_channels_last(weight) ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous;
}

struct Winograd : Function<Winograd> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight, const c10::optional<at::Tensor>& bias,
                              std::vector<int64_t> padding) {
        at::AutoDispatchBelowADInplaceOrView below;
        context->save_for_backward({x, weight});
        context->saved_data["padding"] = padding;
        context->saved_data["biased"] = bias.has_value();
        const auto plan = plan_of(key_of(x, weight, padding));
        TORCH_CHECK(plan, "oneDNN could not plan a convolution of ", x.sizes(), " by ", weight.sizes());
        auto y = at::empty({x.size(0), weight.size(0), x.size(2) + 2 * padding[0] - 2, x.size(3) + 2 * padding[1] - 2},
                           x.options().memory_format(layout_of(x, weight)));
        {
            Run run;
            const auto result = run.room(plan->forward.dst_desc());
            run.execute<dnnl::convolution_forward>(plan->forward, {
                {DNNL_ARG_SRC, run.in_blocks(x, plan->forward.src_desc())},
                {DNNL_ARG_WEIGHTS, run.in_blocks(weight, plan->forward.weights_desc())},
                {DNNL_ARG_DST, result},
            });
            run.out_of_blocks(result, y);
        }
        return bias ? y.add_(bias->view({1, -1, 1, 1})) : y;
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        const auto saved = context->get_saved_variables();
        const auto &x = saved[0], &weight = saved[1];
        const auto padding = context->saved_data["padding"].toIntVector();
        const bool biased = context->saved_data["biased"].toBool();
        const std::array<bool, 3> wanted{context->needs_input_grad(0), context->needs_input_grad(1), biased && context->needs_input_grad(2)};
        const auto plan = plan_of(key_of(x, weight, padding));
        if (at::GradMode::is_enabled() || !plan) {
            // A gradient of the gradient needs operations that have one.
            const auto [of_x, of_weight, of_bias] = at::convolution_backward(
                gradients[0], x, weight, at::IntArrayRef({weight.size(0)}), {1, 1}, padding, {1, 1}, false, {0, 0}, 1, wanted);
            return {of_x, of_weight, of_bias, at::Tensor()};
        }
        at::AutoDispatchBelowADInplaceOrView below;
        const auto gradient = gradients[0].contiguous(layout_of(x, weight));
        at::Tensor of_x, of_weight, of_bias;
        if (wanted[0]) of_x = at::empty(x.sizes(), x.options().memory_format(layout_of(x, weight)));
        if (wanted[1]) of_weight = at::empty_like(weight);
        if (wanted[2]) of_bias = gradient.sum({0, 2, 3});
        Run run;
        const auto blocks = run.in_blocks(gradient, plan->of_input.diff_dst_desc());
        if (wanted[0]) {
            const auto result = run.room(plan->of_input.diff_src_desc());
            run.execute<dnnl::convolution_backward_data>(plan->of_input, {
                {DNNL_ARG_DIFF_DST, blocks},
                {DNNL_ARG_WEIGHTS, run.in_blocks(weight, plan->of_input.weights_desc())},
                {DNNL_ARG_DIFF_SRC, result},
            });
            run.out_of_blocks(result, of_x);
        }
        if (wanted[1]) {
            const auto result = run.room(plan->of_weight.diff_weights_desc());
            const bool same = plan->of_weight.diff_dst_desc() == plan->of_input.diff_dst_desc();
            run.execute<dnnl::convolution_backward_weights>(plan->of_weight, {
                {DNNL_ARG_SRC, run.in_blocks(x, plan->of_weight.src_desc())},
                {DNNL_ARG_DIFF_DST, same ? blocks : run.in_blocks(gradient, plan->of_weight.diff_dst_desc())},
                {DNNL_ARG_DIFF_WEIGHTS, result},
            });
            run.out_of_blocks(result, of_weight);
        }
        return {of_x, of_weight, of_bias, at::Tensor()};
    }
};

double used(int64_t length) {
    return static_cast<double>(length) / static_cast<double>((length + kTile - 1) / kTile * kTile);
}

bool is_ones(at::IntArrayRef values) {
    return values[0] == 1 && values[1] == 1;
}

}  // namespace

bool convolves_by_winograd(const at::Tensor& x, const at::Tensor& weight, const c10::optional<at::Tensor>& bias, at::IntArrayRef stride,
                           at::IntArrayRef padding, at::IntArrayRef dilation, int64_t groups) {
    const auto is_float = [](const at::Tensor& tensor, int64_t dimensions) {
        return tensor.is_cpu() && tensor.scalar_type() == at::kFloat && tensor.dim() == dimensions;
    };
    const auto is_little = [](int64_t border) { return border == 0 || border == 1; };
    if (!at::GradMode::is_enabled() || !weight.requires_grad() || mnc::autocast::is_enabled(at::kCPU) || !is_float(x, 4) || !is_float(weight, 4)
        || (bias && (!is_float(*bias, 1) || bias->size(0) != weight.size(0))) || x.numel() == 0 || weight.size(2) != 3 || weight.size(3) != 3
        || groups != 1 || weight.size(1) != x.size(1) || !is_ones(stride) || !is_ones(dilation) || !is_little(padding[0]) || !is_little(padding[1])) {
        return false;
    }
    const auto height = x.size(2) + 2 * padding[0] - 2, width = x.size(3) + 2 * padding[1] - 2;
    return std::min(x.size(1), weight.size(0)) >= kLeastDepth && height >= kTile && width >= kTile && used(height) * used(width) >= kLeastUsed
        // A traced graph must show libtorch's own operation.
        && !torch::jit::tracer::isTracing() && plan_of(key_of(x, weight, padding)) != nullptr;
}

at::Tensor winograd_convolution(const at::Tensor& x, const at::Tensor& weight, const c10::optional<at::Tensor>& bias, at::IntArrayRef padding) {
    return Winograd::apply(x, weight, bias, padding.vec());
}

}  // namespace mnc

#else

namespace mnc {

bool convolves_by_winograd(const at::Tensor&, const at::Tensor&, const c10::optional<at::Tensor>&, at::IntArrayRef, at::IntArrayRef, at::IntArrayRef, int64_t) {
    return false;
}

at::Tensor winograd_convolution(const at::Tensor& x, const at::Tensor&, const c10::optional<at::Tensor>&, at::IntArrayRef) {
    return x;
}

}  // namespace mnc

#endif
