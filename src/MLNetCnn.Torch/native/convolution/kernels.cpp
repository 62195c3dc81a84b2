#include "kernels.h"

#include <cstdlib>
#include <string>

namespace mnc::convolution {

namespace {

// The widest set, or the narrower one that libtorch's own switch asks for.
const Kernels& widest() {
#if defined(__x86_64__)
    const char* capability = std::getenv("ATEN_CPU_CAPABILITY");
    const std::string limit = capability == nullptr ? "" : capability;
    const bool avx2 = limit != "default" && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (avx2 && limit != "avx2" && __builtin_cpu_supports("avx512f")) return kAvx512;
    if (avx2) return kAvx2;
#endif
    return kBaseline;
}

}  // namespace

const Kernels& kernels() {
    static const Kernels& chosen = widest();
    return chosen;
}

}  // namespace mnc::convolution
