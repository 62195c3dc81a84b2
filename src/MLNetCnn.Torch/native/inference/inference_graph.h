// A traced network made as fast as it goes for inference: BatchNorm folded into convolutions, each of which takes the padding before
// it and the shortcut and activation after it along, constants computed, tensors freed with their last use.
#pragma once

#include "../trace.h"
#include "fused_convolution.h"

#include <optional>
#include <set>

namespace mnc {

class InferenceGraph {
public:
    // parameters: the graph's inputs after the first. Its arithmetic is `type` on `device`.
    InferenceGraph(const torch::jit::Graph& graph, const std::vector<at::Tensor>& parameters, at::ScalarType type, at::Device device);

    // The first input's batch may have any size. Safe in several threads at once.
    at::Tensor run(const at::Tensor& input);

private:
    using Node = torch::jit::Node;
    using Value = torch::jit::Value;

    // One operation: libtorch's own, a list of values, or a fused convolution of (input, shortcut or none).
    struct Step {
        std::optional<torch::jit::Operation> operation;
        std::unique_ptr<FusedConvolution> convolution;
        c10::TypePtr list;
        std::vector<size_t> inputs, outputs, dead;
        // Whether nothing needs the shortcut but the sum, so that the result may be written over it.
        bool consumes_shortcut = false;
    };

    // A convolution and the nodes that it takes along, found before any step is made.
    struct Fusion {
        const Node* convolution = nullptr;
        const Value* input = nullptr;
        const Value* shortcut = nullptr;
        at::Tensor weight, bias;
        ConvolutionGeometry geometry;
        Activation activation;
    };

    bool is_fusible() const;
    void fuse(const Node* convolution);
    bool take_padding(Fusion& fusion);
    bool take_norm(Fusion& fusion, const Node* norm);
    bool take_shortcut(Fusion& fusion, const Node* sum, const Value* own) const;
    bool take_activation(Fusion& fusion, const Node* node) const;
    void add_step(const Node* node);
    void add_convolution(const Fusion& fusion, Step& step);
    void free_after_last_use();

    size_t slot(const Value* value);
    size_t slot_of(c10::IValue value);
    at::Tensor known_tensor(const Value* value) const;
    c10::IValue cast(c10::IValue value) const;

    at::ScalarType type_;
    at::Device device_;
    std::map<const Value*, size_t> slots_;
    // What is known before a run: parameters and constants.
    std::map<const Value*, c10::IValue> known_;
    // By the last node that a fusion takes; the others make no step.
    std::map<const Node*, Fusion> fusions_;
    std::set<const Node*> taken_;
    std::vector<c10::IValue> values_;
    std::vector<Step> steps_;
    size_t input_ = 0, output_ = 0;
};

}  // namespace mnc
