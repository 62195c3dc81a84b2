#define MNC_LANES 16
#include "kernels_impl.h"

namespace mnc::convolution {

const Kernels kAvx512 = {kChannels, kLanes, correlate, accumulate, reduce};

}  // namespace mnc::convolution
