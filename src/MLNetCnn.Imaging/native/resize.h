// Images brought to size.
#pragma once

#include <opencv2/core.hpp>

namespace mni {

enum Resizing { iso_pad, iso_crop, fill };

// `source` itself where it has the size already.
cv::Mat resized(const cv::Mat& source, int height, int width, int resizing);

}  // namespace mni
