// What an audit asks of decoded images: how they look, and which look alike.
#pragma once

#include <opencv2/core.hpp>

#include <cstdint>

namespace mni {

// Both difference hashes of an image (N. Krawetz, "Kind of Like That", 2013): 64 bits for the steps from left to right on a
// 9 x 8 reduction, 64 for those from top to bottom on an 8 x 9 one. Brightness and contrast, in grey values: mean and standard
// deviation. Sharpness: the variance of the Laplacian (Pech-Pacheco et al., "Diatom autofocusing in brightfield
// microscopy", 2000).
struct Description {
    uint64_t hash[2];
    uint64_t content;  // FNV-1a over all bytes: the same for the same pixels.
    float brightness, contrast, sharpness;
    float unused;
};

// `image` is 8-bit grey or RGB.
Description describe(const cv::Mat& image);

struct Pair {
    int32_t first, second;
};

// Writes the pairs of hashes (two words each) that differ in at most `distance` bits, up to `capacity` of them, and returns
// how many there are in all. Hashes that agree but for `distance` bits agree wholly in one of `distance + 1` bands
// (M. Norouzi, A. Punjani, D. Fleet: "Fast Exact Search in Hamming Space with Multi-Index Hashing", 2014): only those that
// share a band are compared.
int64_t near_pairs(const uint64_t* hashes, int count, int distance, Pair* pairs, int64_t capacity);

}  // namespace mni
