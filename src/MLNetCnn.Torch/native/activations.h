// Activations where libtorch's own have gaps.
#pragma once

#include "abi.h"

namespace mnc {

// libtorch 1.13 has no gradient of it in bfloat16 on the CPU.
inline at::Tensor relu6(const at::Tensor& x) {
    return x.scalar_type() == at::kBFloat16 && x.is_cpu() && x.requires_grad() ? at::relu6(x.to(at::kFloat)).to(at::kBFloat16) : at::relu6(x);
}

}  // namespace mnc
