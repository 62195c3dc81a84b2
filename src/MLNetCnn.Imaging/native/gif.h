// The first frame of a GIF file, which OpenCV 4 does not read (giflib does).
#pragma once

#include <opencv2/core.hpp>

#include <cstdint>

namespace mni {

// As BGR, of the size of the logical screen; what the frame does not cover is black, transparency is dropped. Throws
// std::runtime_error where the data is damaged, cut short, or its frame has more than `max_pixels`. The caller has checked the
// size of the screen.
cv::Mat decode_gif(const uint8_t* data, int64_t size, int64_t max_pixels);

}  // namespace mni
