// The usual JPEG, decoded by libjpeg-turbo itself, which takes half the time that OpenCV's reader takes.
#pragma once

#include <opencv2/core.hpp>

#include <cstdint>
#include <string>

namespace mni {

// As BGR. For files of 1 or 3 components without EXIF data; others are OpenCV's. Throws std::runtime_error where nothing can be made of
// the data; what is read though a part of it is lost, `damage` says it.
cv::Mat decode_jpeg(const uint8_t* data, int64_t size, std::string& damage);

}  // namespace mni
