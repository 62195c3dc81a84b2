#define MNC_LANES 4
#include "kernels_impl.h"

namespace mnc::convolution {

const Kernels kBaseline = {kChannels, correlate, accumulate};

}  // namespace mnc::convolution
