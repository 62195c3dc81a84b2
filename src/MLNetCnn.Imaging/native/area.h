// Shrinking by averaging over areas.
#pragma once

#include <opencv2/core.hpp>

namespace mni {

// What cv::resize computes with INTER_AREA, for 8-bit grey or RGB images and a size that is nowhere larger: rows first, then
// columns, which takes a third of the time where the sides are no whole multiples.
void shrink(const cv::Mat& source, cv::Mat& destination, cv::Size size);

}  // namespace mni
