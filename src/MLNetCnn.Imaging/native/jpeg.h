// The usual JPEG, decoded by libjpeg-turbo itself, which takes half the time that OpenCV's reader takes.
#pragma once

#include <opencv2/core.hpp>

#include <cstdint>

namespace mni {

// As BGR. For files of 1 or 3 components without EXIF data; others are OpenCV's. Throws std::runtime_error where the data is
// damaged.
cv::Mat decode_jpeg(const uint8_t* data, int64_t size);

}  // namespace mni
