// A finished graph of libtorch's tracer with its nodes in order and its values numbered.
#pragma once

#include "abi.h"

#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace mnc {

struct Trace {
    std::shared_ptr<torch::jit::Graph> graph;
    std::vector<torch::jit::Node*> nodes;
    std::vector<const torch::jit::Value*> values;
    std::map<const torch::jit::Value*, int64_t> numbers;
    std::string text;

    explicit Trace(std::shared_ptr<torch::jit::Graph> traced) : graph(std::move(traced)) {
        torch::jit::EliminateDeadCode(graph);
        for (auto* value : graph->inputs()) number(value);
        for (auto* node : graph->nodes()) {
            nodes.push_back(node);
            for (auto* value : node->outputs()) number(value);
        }
    }

    void number(const torch::jit::Value* value) {
        numbers.emplace(value, static_cast<int64_t>(values.size()));
        values.push_back(value);
    }
};

}  // namespace mnc
