// A dense layer on float CPU matrices as one node of the graph instead of three: for small networks, whose steps are mostly set-up.
#pragma once

#include "abi.h"

namespace mnc {

// x [N, I], weight [O, I], bias [O] to [N, O]; other types, shapes and devices as libtorch has them.
at::Tensor linear(const at::Tensor& x, const at::Tensor& weight, const c10::optional<at::Tensor>& bias);

}  // namespace mnc
