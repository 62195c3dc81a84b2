// oneDNN's own interface, where it is the library that libtorch itself uses.
#pragma once

#include "abi.h"

#ifdef MNC_HAS_ONEDNN

#include <dnnl.hpp>

namespace mnc::onednn {

using dnnl::memory;

inline dnnl::engine& engine() {
    static dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
    return cpu;
}

inline memory::data_type type_of(const at::Tensor& tensor) {
    return tensor.scalar_type() == at::kBFloat16 ? memory::data_type::bf16 : memory::data_type::f32;
}

inline memory::dims dims_of(at::IntArrayRef sizes) {
    return memory::dims(sizes.begin(), sizes.end());
}

// A tensor's elements where they are, in whatever order.
inline memory view_of(const at::Tensor& tensor) {
    return memory({dims_of(tensor.sizes()), type_of(tensor), dims_of(tensor.strides())}, engine(), tensor.data_ptr());
}

}  // namespace mnc::onednn

#endif
