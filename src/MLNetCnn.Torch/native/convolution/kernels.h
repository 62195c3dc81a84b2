// The inner loops of direct convolution, on planes whose rows lie `stride` apart with zeros between them ("banded": see
// direct_convolution.cpp). A plane is then one long vector, and each weight of a kernel is one shift of it.
#pragma once

#include <cstdint>

namespace mnc::convolution {

// Kernels work on whole vectors, and so read and write up to this many floats past the end of what is asked for.
constexpr int64_t kOverrun = 16;

// Channels are worked on in blocks of about the same width: a narrow one has too few sums under way to hide the latency of an addition.
// Static: the linker must not take one instruction set's code for another's.
static inline int64_t blocks(int64_t channels, int64_t widest) {
    return (channels + widest - 1) / widest;
}

static inline int64_t block_begin(int64_t channels, int64_t blocks, int64_t block) {
    return channels * block / blocks;
}

struct Kernels {
    // Output channels computed at once, at most: packed weights come in such blocks.
    int64_t block;

    // Floats of a vector.
    int64_t lanes;

    // out[c][p] = bias[c] + sum over t of weights[c][t] * in[shift[t] + p], for p < length and begin <= t < end, of all `shifts`.
    // Writes whole vectors: up to kOverrun floats past `length` of each channel, which lie `channel_stride` apart.
    void (*correlate)(const float* in, const int64_t* shift, int64_t begin, int64_t end, int64_t shifts, const float* packed,
                      const float* bias, float* out, int64_t channel_stride, int64_t length, int64_t channels);

    // sums[c][t] += sum over images n and places p of gradient[n][c][p] * in[n][shift[t] + p], where a sum is `lanes` partial ones.
    // Reads whole vectors: the gradient must be zero, and `in` finite, up to kOverrun floats past `length`.
    void (*accumulate)(const float* in, int64_t in_image, const float* gradient, int64_t gradient_image, int64_t gradient_channel,
                       const int64_t* shift, int64_t shifts, int64_t images, int64_t length, float* sums, int64_t channels);

    // totals[i] = sum over lanes of sums[i].
    void (*reduce)(const float* sums, int64_t count, float* totals);
};

// The set for the widest vectors that this processor has.
const Kernels& kernels();

extern const Kernels kBaseline;
#if defined(__x86_64__)
extern const Kernels kAvx2;
extern const Kernels kAvx512;
#endif

}  // namespace mnc::convolution
