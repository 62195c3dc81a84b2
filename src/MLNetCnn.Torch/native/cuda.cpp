#include "abi.h"

MNC_API int mnc_cuda_device_count(int32_t* result) {
    return mnc::guarded([&] { *result = torch::cuda::is_available() ? static_cast<int32_t>(torch::cuda::device_count()) : 0; });
}

MNC_API int mnc_cuda_synchronize() {
    return mnc::guarded([&] { torch::cuda::synchronize(); });
}
