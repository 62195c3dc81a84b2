#include "inference_graph.h"

#include <torch/csrc/jit/ir/constants.h>

#include <algorithm>
#include <string_view>

namespace mnc {

namespace {

using torch::jit::Node;
using torch::jit::Value;

std::string_view name_of(const Node* node) {
    return node->kind().toQualString();
}

const Node* only_user(const Value* value) {
    return value->uses().size() == 1 ? value->uses()[0].user : nullptr;
}

c10::optional<c10::IValue> constant(const Value* value) {
    return torch::jit::toIValue(value);
}

// Lists of the tracer are nodes over constants.
c10::optional<std::vector<int64_t>> integers(const Value* value) {
    if (const auto known = constant(value); known && known->isIntList()) return known->toIntVector();
    if (value->node()->kind() != c10::prim::ListConstruct) return c10::nullopt;
    std::vector<int64_t> list;
    for (const auto* item : value->node()->inputs()) {
        const auto known = constant(item);
        if (!known || !known->isInt()) return c10::nullopt;
        list.push_back(known->toInt());
    }
    return list;
}

c10::optional<std::vector<int64_t>> shape_of(const Value* value) {
    const auto type = value->type()->cast<c10::TensorType>();
    return type ? type->sizes().concrete_sizes() : c10::nullopt;
}

// Operations whose results share no memory with what they take.
constexpr std::array<std::string_view, 10> kNewTensors{
    "aten::_convolution", "aten::batch_norm", "aten::relu", "aten::relu6", "aten::hardtanh",
    "aten::silu", "aten::hardswish", "aten::add", "aten::max_pool2d", "aten::cat"};

template <class Names>
bool is_one_of(const Node* node, const Names& names) {
    return std::find(names.begin(), names.end(), name_of(node)) != names.end();
}

bool is_number(const Value* value, double expected) {
    const auto known = constant(value);
    return known && known->isScalar() && known->toScalar().toDouble() == expected;
}

}  // namespace

InferenceGraph::InferenceGraph(
    const torch::jit::Graph& graph, const std::vector<at::Tensor>& parameters, at::ScalarType type, at::Device device)
    : type_(type), device_(device) {
    const at::NoGradGuard no_gradients;
    const auto inputs = graph.inputs();
    for (size_t i = 0; i < parameters.size(); ++i) known_.emplace(inputs[i + 1], parameters[i].detach());
    for (const auto* node : graph.nodes()) fuse(node);
    for (const auto* node : graph.nodes()) add_step(node);
    input_ = slot(inputs[0]);
    output_ = slot(graph.outputs()[0]);
    free_after_last_use();
}

at::Tensor InferenceGraph::run(const at::Tensor& input) {
    const at::NoGradGuard no_gradients;
    auto values = values_;
    values[input_] = input;
    torch::jit::Stack stack;
    for (auto& step : steps_) {
        if (step.convolution) {
            auto shortcut = step.inputs.size() > 1 ? values[step.inputs[1]].toTensor() : at::Tensor();
            if (shortcut.defined() && !step.consumes_shortcut) shortcut = shortcut.clone();
            values[step.outputs[0]] = step.convolution->run(values[step.inputs[0]].toTensor(), shortcut);
        } else if (step.list) {
            c10::impl::GenericList list(step.list);
            for (auto place : step.inputs) list.push_back(values[place]);
            values[step.outputs[0]] = std::move(list);
        } else {
            for (auto place : step.inputs) stack.push_back(values[place]);
            (*step.operation)(stack);
            for (auto place = step.outputs.rbegin(); place != step.outputs.rend(); ++place) values[*place] = torch::jit::pop(stack);
        }
        for (auto place : step.dead) values[place] = c10::IValue();
    }
    return values[output_].toTensor();
}

// Looks from a convolution of known filters at what surrounds it.
void InferenceGraph::fuse(const Node* node) {
    if (name_of(node) != "aten::_convolution") return;
    Fusion fusion;
    fusion.convolution = node;
    fusion.input = node->input(0);
    fusion.weight = known_tensor(node->input(1));
    fusion.bias = known_tensor(node->input(2));
    const auto stride = integers(node->input(3)), padding = integers(node->input(4)), dilation = integers(node->input(5));
    const auto transposed = constant(node->input(6)), groups = constant(node->input(8));
    if (!fusion.weight.defined() || fusion.weight.dim() != 4 || !stride || !padding || !dilation || !transposed || transposed->toBool()
        || !groups || (!fusion.bias.defined() && !node->input(2)->mustBeNone())) {
        return;
    }
    if (!fusion.bias.defined()) fusion.bias = at::zeros({fusion.weight.size(0)}, fusion.weight.options());
    for (int i = 0; i < 2; ++i) {
        fusion.geometry.stride[i] = stride->at(i);
        fusion.geometry.before[i] = fusion.geometry.after[i] = padding->at(i);
        fusion.geometry.dilation[i] = dilation->at(i);
    }
    fusion.geometry.groups = groups->toInt();

    const auto* last = node;
    const auto take = [&](auto&& takes) {
        const auto* next = only_user(last->output());
        if (next == nullptr || taken_.count(next) > 0 || !takes(next)) return;
        taken_.insert(next);
        last = next;
    };
    take([&](const Node* next) { return take_norm(fusion, next); });
    if (is_fusible()) {
        while (take_padding(fusion)) {}
        take([&](const Node* next) { return take_shortcut(fusion, next, last->output()); });
        take([&](const Node* next) { return take_activation(fusion, next); });
    }
    taken_.insert(node);
    fusions_.emplace(last, std::move(fusion));
}

bool InferenceGraph::take_padding(Fusion& fusion) {
    const auto* pad = fusion.input->node();
    const auto name = name_of(pad);
    if ((name != "aten::pad" && name != "aten::constant_pad_nd") || only_user(fusion.input) == nullptr) return false;
    const auto amounts = integers(pad->input(1));
    const bool zeros = name == "aten::constant_pad_nd"
        ? is_number(pad->input(2), 0)
        : constant(pad->input(2))->toStringRef() == "constant" && (pad->input(3)->mustBeNone() || is_number(pad->input(3), 0));
    if (!zeros || !amounts || amounts->size() > 4 || std::any_of(amounts->begin(), amounts->end(), [](auto amount) { return amount < 0; })) return false;
    // From the last dimension on: left, right, top, bottom.
    for (size_t i = 0; i < amounts->size(); ++i) (i % 2 == 0 ? fusion.geometry.before : fusion.geometry.after)[1 - i / 2] += amounts->at(i);
    taken_.insert(pad);
    fusion.input = pad->input(0);
    return true;
}

// y = (conv(x) - mean) * scale + shift with scale = weight / sqrt(variance + epsilon).
bool InferenceGraph::take_norm(Fusion& fusion, const Node* norm) {
    if (name_of(norm) != "aten::batch_norm") return false;
    const auto mean = known_tensor(norm->input(3)), variance = known_tensor(norm->input(4));
    const auto training = constant(norm->input(5)), epsilon = constant(norm->input(7));
    if (!mean.defined() || !variance.defined() || !training || training->toBool() || !epsilon) return false;
    const auto weight = known_tensor(norm->input(1)), shift = known_tensor(norm->input(2));
    auto scale = (variance + epsilon->toDouble()).rsqrt();
    if (weight.defined()) scale = scale * weight;
    fusion.weight = fusion.weight * scale.reshape({-1, 1, 1, 1});
    fusion.bias = (fusion.bias - mean) * scale;
    if (shift.defined()) fusion.bias = fusion.bias + shift;
    return true;
}

// The result may be written over the shortcut, which must be no view, nor have any.
bool InferenceGraph::take_shortcut(Fusion& fusion, const Node* sum, const Value* own) const {
    if (name_of(sum) != "aten::add" || sum->inputs().size() < 3 || !is_number(sum->input(2), 1)) return false;
    const auto* other = sum->input(0) == own ? sum->input(1) : sum->input(0);
    const auto shape = shape_of(other);
    if (other == own || !shape || shape != shape_of(own) || !is_one_of(other->node(), kNewTensors)) return false;
    const auto& uses = other->uses();
    if (!std::all_of(uses.begin(), uses.end(), [](const torch::jit::Use& use) { return is_one_of(use.user, kNewTensors); })) return false;
    fusion.shortcut = other;
    return true;
}

bool InferenceGraph::take_activation(Fusion& fusion, const Node* node) const {
    using Kind = Activation::Kind;
    const auto name = name_of(node);
    if (name == "aten::relu") fusion.activation.kind = Kind::relu;
    else if (name == "aten::silu") fusion.activation.kind = Kind::swish;
    else if (name == "aten::hardswish") fusion.activation.kind = Kind::hardswish;
    else if (name == "aten::relu6") fusion.activation = {Kind::clip, 0, 6};
    else if (name == "aten::hardtanh") {
        const auto low = constant(node->input(1)), high = constant(node->input(2));
        if (!low || !high) return false;
        fusion.activation = {Kind::clip, low->toScalar().toFloat(), high->toScalar().toFloat()};
    }
    return fusion.activation.kind != Kind::none;
}

void InferenceGraph::add_step(const Node* node) {
    const auto fusion = fusions_.find(node);
    if (fusion == fusions_.end() && taken_.count(node) > 0) return;
    if (node->kind() == c10::prim::Constant) {
        known_.emplace(node->output(), *constant(node->output()));
        return;
    }
    Step step;
    if (fusion != fusions_.end()) {
        add_convolution(fusion->second, step);
    } else {
        for (const auto* input : node->inputs()) step.inputs.push_back(slot(input));
        if (node->kind() == c10::prim::ListConstruct) step.list = node->output()->type()->expect<c10::ListType>()->getElementType();
        else step.operation = node->getOperation();
    }
    for (const auto* output : node->outputs()) step.outputs.push_back(slot(output));
    steps_.push_back(std::move(step));
}

void InferenceGraph::add_convolution(const Fusion& fusion, Step& step) {
    if (is_fusible()) {
        step.inputs.push_back(slot(fusion.input));
        if (fusion.shortcut != nullptr) step.inputs.push_back(slot(fusion.shortcut));
        step.convolution = std::make_unique<FusedConvolution>(fusion.weight.to(type_), fusion.bias, fusion.geometry, fusion.activation);
        return;
    }
    for (const auto* input : fusion.convolution->inputs()) {
        const auto place = step.inputs.size();
        step.inputs.push_back(place == 1 ? slot_of(fusion.weight) : place == 2 ? slot_of(fusion.bias) : slot(input));
    }
    step.operation = fusion.convolution->getOperation();
}

void InferenceGraph::free_after_last_use() {
    std::vector<bool> kept(values_.size());
    kept[output_] = true;
    for (size_t place = 0; place < values_.size(); ++place) kept[place] = kept[place] || !values_[place].isNone();
    for (auto step = steps_.rbegin(); step != steps_.rend(); ++step) {
        for (const auto* places : {&step->inputs, &step->outputs}) {
            for (auto place : *places) {
                if (!kept[place]) step->dead.push_back(place);
                kept[place] = true;
            }
        }
        const auto& dead = step->dead;
        step->consumes_shortcut = step->convolution && step->inputs.size() > 1 && step->inputs[0] != step->inputs[1]
            && std::find(dead.begin(), dead.end(), step->inputs[1]) != dead.end();
    }
}

size_t InferenceGraph::slot(const Value* value) {
    if (const auto found = slots_.find(value); found != slots_.end()) return found->second;
    const auto known = known_.find(value);
    return slots_[value] = slot_of(known == known_.end() ? c10::IValue() : known->second);
}

size_t InferenceGraph::slot_of(c10::IValue value) {
    values_.push_back(cast(std::move(value)));
    return values_.size() - 1;
}

bool InferenceGraph::is_fusible() const {
    return FusedConvolution::available() && device_.is_cpu();
}

at::Tensor InferenceGraph::known_tensor(const Value* value) const {
    if (const auto found = known_.find(value); found != known_.end() && found->second.isTensor()) return found->second.toTensor();
    const auto known = constant(value);
    return known && known->isTensor() ? known->toTensor() : at::Tensor();
}

c10::IValue InferenceGraph::cast(c10::IValue value) const {
    if (!value.isTensor() || !value.toTensor().defined()) return value;
    const auto tensor = value.toTensor();
    if (!tensor.is_floating_point()) return tensor.to(device_);
    const auto moved = tensor.to(device_, type_);
    return moved.dim() == 4 ? moved.contiguous(at::MemoryFormat::ChannelsLast) : moved;
}

}  // namespace mnc

using mnc::InferenceGraph;

MNC_API int mnc_inference_create(
    const mnc::Trace* trace, const mnc::Handle* parameters, int64_t count, mnc::Options options, InferenceGraph** result) {
    return mnc::guarded([&] {
        *result = new InferenceGraph(*trace->graph, mnc::tensors(parameters, count), static_cast<at::ScalarType>(options.dtype), options.device());
    });
}

MNC_API int mnc_inference_run(InferenceGraph* graph, mnc::Handle input, mnc::Handle* result) {
    return mnc::returning(result, [&] { return graph->run(*input); });
}

MNC_API bool mnc_inference_fuses() {
    return mnc::FusedConvolution::available();
}

MNC_API void mnc_inference_dispose(InferenceGraph* graph) {
    delete graph;
}
