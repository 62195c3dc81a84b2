// Mixed precision per kind of device: libtorch 2.4 made one set of functions out of one per device.
#pragma once

#include "abi.h"

#include <ATen/autocast_mode.h>

namespace mnc::autocast {

#if MNC_TORCH_VERSION >= 204
inline bool is_enabled(at::DeviceType device) { return at::autocast::is_autocast_enabled(device); }
inline at::ScalarType dtype(at::DeviceType device) { return at::autocast::get_autocast_dtype(device); }
inline void set(at::DeviceType device, bool enabled, at::ScalarType dtype) {
    at::autocast::set_autocast_enabled(device, enabled);
    at::autocast::set_autocast_dtype(device, dtype);
}
#else
inline bool is_enabled(at::DeviceType device) {
    return device == at::kCPU ? at::autocast::is_cpu_enabled() : at::autocast::is_enabled();
}
inline at::ScalarType dtype(at::DeviceType device) {
    return device == at::kCPU ? at::autocast::get_autocast_cpu_dtype() : at::autocast::get_autocast_gpu_dtype();
}
inline void set(at::DeviceType device, bool enabled, at::ScalarType dtype) {
    if (device == at::kCPU) {
        at::autocast::set_cpu_enabled(enabled);
        at::autocast::set_autocast_cpu_dtype(dtype);
    } else {
        at::autocast::set_enabled(enabled);
        at::autocast::set_autocast_gpu_dtype(dtype);
    }
}
#endif

}  // namespace mnc::autocast
