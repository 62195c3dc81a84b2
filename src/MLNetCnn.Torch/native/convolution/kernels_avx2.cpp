#define MNC_LANES 8
#include "kernels_impl.h"

namespace mnc::convolution {

const Kernels kAvx2 = {kChannels, kLanes, correlate, accumulate, reduce};

}  // namespace mnc::convolution
