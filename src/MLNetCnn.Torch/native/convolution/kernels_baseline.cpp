#define MNC_LANES 4
#include "kernels_impl.h"

namespace mnc::convolution {

const Kernels kBaseline = {kChannels, kLanes, correlate, accumulate, reduce};

}  // namespace mnc::convolution
