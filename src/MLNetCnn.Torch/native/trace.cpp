// Runs a forward pass written in C# under libtorch's own tracer and lets C# read the graph it leaves.
#include "trace.h"

#include <torch/csrc/jit/frontend/tracer.h>
#include <torch/csrc/jit/ir/constants.h>

namespace mnc {
namespace {

// What a constant holds, as C# knows it.
enum Kind { kNone = 0, kBool = 1, kLong = 2, kDouble = 3, kTensor = 4, kText = 5, kLongs = 6, kDoubles = 7, kOther = 8 };

Kind kind_of(const c10::IValue& value) {
    if (value.isNone()) return kNone;
    if (value.isBool()) return kBool;
    if (value.isInt()) return kLong;
    if (value.isDouble()) return kDouble;
    if (value.isTensor()) return value.toTensor().defined() ? kTensor : kNone;
    if (value.isString()) return kText;
    if (value.isIntList()) return kLongs;
    if (value.isDoubleList()) return kDoubles;
    return kOther;
}

c10::IValue constant(const Trace* trace, int64_t node) {
    return torch::jit::toIValue(trace->nodes.at(node)->output()).value();
}

template <class Values>
void copy_numbers(const Trace* trace, const Values& values, int64_t* numbers) {
    for (auto* value : values) *numbers++ = trace->numbers.at(value);
}

}  // namespace
}  // namespace mnc

using mnc::Trace;

// The callback runs the forward pass on the first input and hands back an owned handle, or null when C# has an exception to
// raise. The other inputs are the parameters and buffers: as graph inputs they keep their identity instead of being copied
// in as constants, which the tracer refuses for tensors that require gradients.
MNC_API int mnc_trace(const mnc::Handle* inputs, int64_t count, mnc::Handle (*forward)(), Trace** result) {
    return mnc::guarded([&] {
        torch::jit::Stack stack;
        for (int64_t i = 0; i < count; ++i) stack.emplace_back(*inputs[i]);
        const auto run = [&](torch::jit::Stack) {
            torch::jit::tracer::NoWarn quiet;
            const auto output = forward();
            TORCH_CHECK(output != nullptr, "the forward pass failed while it was traced");
            torch::jit::Stack outputs{*output};
            mnc::release(output);
            return outputs;
        };
        // In-place operations are recorded as their out-of-place forms: a graph is a graph of values.
        auto traced = torch::jit::tracer::trace(
            std::move(stack), run, [](const at::Tensor&) { return ""; }, /*strict=*/true, /*force_outplace=*/true);
        *result = new Trace(traced.first->graph);
    });
}

MNC_API void mnc_trace_dispose(Trace* trace) {
    delete trace;
}

MNC_API int mnc_trace_counts(const Trace* trace, int64_t* nodes, int64_t* inputs, int64_t* outputs) {
    return mnc::guarded([&] {
        *nodes = trace->nodes.size();
        *inputs = trace->graph->inputs().size();
        *outputs = trace->graph->outputs().size();
    });
}

MNC_API int mnc_trace_ends(const Trace* trace, int64_t* inputs, int64_t* outputs) {
    return mnc::guarded([&] {
        mnc::copy_numbers(trace, trace->graph->inputs(), inputs);
        mnc::copy_numbers(trace, trace->graph->outputs(), outputs);
    });
}

// `name` stays valid until the next call on this trace.
MNC_API int mnc_trace_node(Trace* trace, int64_t node, const char** name, int64_t* inputs, int64_t* outputs) {
    return mnc::guarded([&] {
        const auto* found = trace->nodes.at(node);
        trace->text = found->kind().toQualString();
        *name = trace->text.c_str();
        *inputs = found->inputs().size();
        *outputs = found->outputs().size();
    });
}

MNC_API int mnc_trace_node_values(const Trace* trace, int64_t node, int64_t* inputs, int64_t* outputs) {
    return mnc::guarded([&] {
        mnc::copy_numbers(trace, trace->nodes.at(node)->inputs(), inputs);
        mnc::copy_numbers(trace, trace->nodes.at(node)->outputs(), outputs);
    });
}

// The shape that a value had in the run; `rank` is -1 where it is no tensor. Call with room for none to learn the rank.
MNC_API int mnc_trace_value_shape(const Trace* trace, int64_t value, int64_t* sizes, int64_t room, int64_t* rank) {
    return mnc::guarded([&] {
        *rank = -1;
        const auto type = trace->values.at(value)->type()->cast<c10::TensorType>();
        const auto shape = type ? type->sizes().concrete_sizes() : c10::nullopt;
        if (!shape) return;
        *rank = shape->size();
        if (*rank <= room) std::copy(shape->begin(), shape->end(), sizes);
    });
}

// A constant's kind, and its length where it is a list.
MNC_API int mnc_trace_constant_kind(const Trace* trace, int64_t node, int* kind, int64_t* length) {
    return mnc::guarded([&] {
        const auto value = mnc::constant(trace, node);
        *kind = mnc::kind_of(value);
        *length = value.isList() ? static_cast<int64_t>(value.toListRef().size()) : 0;
    });
}

MNC_API int mnc_trace_constant_longs(const Trace* trace, int64_t node, int64_t* values) {
    return mnc::guarded([&] {
        const auto value = mnc::constant(trace, node);
        if (value.isBool()) *values = value.toBool();
        else if (value.isInt()) *values = value.toInt();
        else for (auto item : value.toIntVector()) *values++ = item;
    });
}

MNC_API int mnc_trace_constant_doubles(const Trace* trace, int64_t node, double* values) {
    return mnc::guarded([&] {
        const auto value = mnc::constant(trace, node);
        if (value.isDouble()) *values = value.toDouble();
        else for (auto item : value.toDoubleVector()) *values++ = item;
    });
}

// `text` stays valid until the next call on this trace.
MNC_API int mnc_trace_constant_text(Trace* trace, int64_t node, const char** text) {
    return mnc::guarded([&] {
        trace->text = mnc::constant(trace, node).toStringRef();
        *text = trace->text.c_str();
    });
}

MNC_API int mnc_trace_constant_tensor(const Trace* trace, int64_t node, mnc::Handle* tensor) {
    return mnc::guarded([&] { *tensor = mnc::wrap(mnc::constant(trace, node).toTensor()); });
}
