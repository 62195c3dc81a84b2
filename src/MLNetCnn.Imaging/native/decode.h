// Encoded images, whatever their format, as OpenCV's pixels.
#pragma once

#include "header.h"

#include <opencv2/core.hpp>

#include <cstdint>
#include <string>

namespace mni {

// What a file's header says, after the pixel limit was checked. Throws std::runtime_error.
Header checked_header(const uint8_t* data, int64_t size, int64_t max_pixels);

// As BGR, upright. Throws std::runtime_error where nothing can be made of the data; `damage` says what of a file that can be read is lost.
cv::Mat decode(const uint8_t* data, int64_t size, int64_t max_pixels, std::string& damage);

}  // namespace mni
