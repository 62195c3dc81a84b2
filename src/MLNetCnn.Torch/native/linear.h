// A dense layer on float CPU matrices as one node of the graph instead of three: for small networks, whose steps are mostly set-up.
#pragma once

#include "abi.h"

namespace mnc {

bool is_dense(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias);

// x [N, I], weight [O, I], bias [O] to [N, O].
at::Tensor dense(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias);

}  // namespace mnc
