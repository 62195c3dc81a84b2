// A convolution of inference with all that follows it in one pass over memory: bias, the sum with a shortcut, the activation.
#pragma once

#include "../abi.h"

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace mnc {

// What is applied to the sum, element by element.
struct Activation {
    enum class Kind { none, relu, clip, swish, hardswish } kind = Kind::none;
    float low = 0;
    float high = 0;
};

struct ConvolutionGeometry {
    std::array<int64_t, 2> stride{1, 1};
    std::array<int64_t, 2> before{0, 0};  // padding with zeros: top and left
    std::array<int64_t, 2> after{0, 0};   // bottom and right
    std::array<int64_t, 2> dilation{1, 1};
    int64_t groups = 1;
};

// oneDNN's forward convolution, planned once for each size of input. May run in several threads at once.
class FusedConvolution {
public:
    // Whether this build has oneDNN; without it convolutions run as libtorch's own.
    static bool available();

    // weight: [O, I / groups, h, w] in float32 or bfloat16; bias: [O] in float32.
    FusedConvolution(at::Tensor weight, at::Tensor bias, ConvolutionGeometry geometry, Activation activation);
    ~FusedConvolution();

    // input: [N, I, H, W]; the result is channels last. A shortcut of the result's shape is overwritten by the result.
    at::Tensor run(const at::Tensor& input, const at::Tensor& shortcut);

private:
    struct State;
    std::unique_ptr<State> state;
};

}  // namespace mnc
