// GPUs and the switches of their libraries.
#include "abi.h"

MNC_API int mnc_cuda_device_count(int32_t* result) {
    return mnc::guarded([&] { *result = torch::cuda::is_available() ? static_cast<int32_t>(torch::cuda::device_count()) : 0; });
}

// libtorch sends bfloat16 convolutions to cuDNN by the same answer: compute capability 8 and later.
MNC_API int mnc_cuda_is_bf16_supported(int32_t device, bool* result) {
    return mnc::guarded([&] {
        *result = false;
        if (!torch::cuda::is_available()) return;
        // It is asked of the GPU that is current.
        c10::DeviceGuard current(c10::Device(c10::kCUDA, static_cast<c10::DeviceIndex>(device)));
        *result = at::detail::getCUDAHooks().supportsBFloat16ConvolutionWithCuDNNv8();
    });
}

MNC_API int mnc_cuda_synchronize() {
    return mnc::guarded([&] { torch::cuda::synchronize(); });
}

MNC_API int mnc_get_backend_switches(bool* matmul_tf32, bool* cudnn_tf32, bool* benchmark, bool* deterministic) {
    return mnc::guarded([&] {
        auto& context = at::globalContext();
        *matmul_tf32 = context.allowTF32CuBLAS();
        *cudnn_tf32 = context.allowTF32CuDNN();
        *benchmark = context.benchmarkCuDNN();
        *deterministic = context.deterministicCuDNN();
    });
}

MNC_API int mnc_set_backend_switches(bool matmul_tf32, bool cudnn_tf32, bool benchmark, bool deterministic) {
    return mnc::guarded([&] {
        auto& context = at::globalContext();
        context.setAllowTF32CuBLAS(matmul_tf32);
        context.setAllowTF32CuDNN(cudnn_tf32);
        context.setBenchmarkCuDNN(benchmark);
        context.setDeterministicCuDNN(deterministic);
    });
}
