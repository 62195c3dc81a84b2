// Scaling images, the same everywhere: datasets, tests of a model, and its graph.
#pragma once

#include <opencv2/core.hpp>

namespace mni {

// Bilinear scaling of 8-bit grey or RGB images, each side for itself: where it shrinks, the triangle of weights widens with it, so
// that every source pixel counts. This is what ONNX's Resize (linear, antialias, exclude_outside), PyTorch's interpolate (bilinear,
// antialias) and Pillow's BILINEAR compute.
void scale(const cv::Mat& source, cv::Mat& destination, cv::Size size);

}  // namespace mni
