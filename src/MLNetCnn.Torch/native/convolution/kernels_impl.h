// The kernels for vectors of MNC_LANES floats: compiled once per instruction set, each time with that set's compiler options.
// Everything is in an unnamed namespace, so that the linker cannot take one set's code for another's.
#pragma once

#include "kernels.h"

#include <algorithm>
#include <utility>

namespace mnc::convolution {
namespace {

constexpr int64_t kLanes = MNC_LANES;
typedef float Vector __attribute__((vector_size(MNC_LANES * 4)));
typedef float Unaligned __attribute__((vector_size(MNC_LANES * 4), aligned(4), may_alias));

// Accumulators, operands and a broadcast weight must all fit the registers: 32 with AVX-512, else 16.
constexpr int kChannels = MNC_LANES == 16 ? 8 : 6;
constexpr int kVectors = MNC_LANES == 16 ? 3 : 2;
constexpr int kGradientChannels = MNC_LANES == 16 ? 8 : 4;
constexpr int kGradientShifts = 3;

inline Vector load(const float* from) {
    return *reinterpret_cast<const Unaligned*>(from);
}

inline void store(float* to, Vector value) {
    *reinterpret_cast<Unaligned*>(to) = value;
}

// Taking zero away changes no bit of a float, so this becomes one broadcast from memory (adding zero would turn -0 into 0).
inline Vector broadcast(float value) {
    return value - Vector{};
}

// Calls run(std::integral_constant<int, n>) for a count known only at run time, 1 <= n <= Most.
template <int Most, class Run>
inline void with_constant(int64_t n, Run&& run) {
    if constexpr (Most > 1) {
        if (n < Most) return with_constant<Most - 1>(n, std::forward<Run>(run));
    }
    run(std::integral_constant<int, Most>{});
}

template <int Channels, int Vectors>
inline void correlate_block(const float* in, const int64_t* shift, int64_t shifts, const float* packed, const float* bias,
                            float* out, int64_t channel_stride) {
    Vector sum[Channels][Vectors];
#pragma GCC unroll 8
    for (int c = 0; c < Channels; c++) {
#pragma GCC unroll 8
        for (int v = 0; v < Vectors; v++) sum[c][v] = broadcast(bias[c]);
    }
    for (int64_t t = 0; t < shifts; t++) {
        const float* from = in + shift[t];
        Vector x[Vectors];
#pragma GCC unroll 8
        for (int v = 0; v < Vectors; v++) x[v] = load(from + v * kLanes);
#pragma GCC unroll 8
        for (int c = 0; c < Channels; c++) {
            const Vector weight = broadcast(packed[t * Channels + c]);
#pragma GCC unroll 8
            for (int v = 0; v < Vectors; v++) sum[c][v] += weight * x[v];
        }
    }
#pragma GCC unroll 8
    for (int c = 0; c < Channels; c++) {
#pragma GCC unroll 8
        for (int v = 0; v < Vectors; v++) store(out + c * channel_stride + v * kLanes, sum[c][v]);
    }
}

void correlate(const float* in, const int64_t* shift, int64_t begin, int64_t end, int64_t shifts, const float* packed,
               const float* bias, float* out, int64_t channel_stride, int64_t length, int64_t channels) {
    const int64_t count = blocks(channels, kChannels);
    for (int64_t block = 0; block < count; block++) {
        const int64_t first = block_begin(channels, count, block);
        with_constant<kChannels>(block_begin(channels, count, block + 1) - first, [&](auto width) {
            constexpr int kWidth = decltype(width)::value;
            const float* weights = packed + first * shifts + begin * kWidth;
            float* to = out + first * channel_stride;
            int64_t p = 0;
            for (; p + (kVectors - 1) * kLanes < length; p += kVectors * kLanes) {
                correlate_block<kWidth, kVectors>(in + p, shift + begin, end - begin, weights, bias + first, to + p, channel_stride);
            }
            for (; p < length; p += kLanes) {
                correlate_block<kWidth, 1>(in + p, shift + begin, end - begin, weights, bias + first, to + p, channel_stride);
            }
        });
    }
}

// Sums stay in registers over all images.
template <int Channels, int Shifts>
inline void accumulate_block(const float* in, int64_t in_image, const float* gradient, int64_t gradient_image,
                             int64_t gradient_channel, const int64_t* shift, int64_t images, int64_t length, float* sums,
                             int64_t shifts) {
    Vector sum[Channels][Shifts] = {};
    for (int64_t n = 0; n < images; n++) {
        for (int64_t p = 0; p < length; p += kLanes) {
            Vector g[Channels];
#pragma GCC unroll 8
            for (int c = 0; c < Channels; c++) g[c] = load(gradient + n * gradient_image + c * gradient_channel + p);
#pragma GCC unroll 8
            for (int t = 0; t < Shifts; t++) {
                const Vector x = load(in + n * in_image + shift[t] + p);
#pragma GCC unroll 8
                for (int c = 0; c < Channels; c++) sum[c][t] += g[c] * x;
            }
        }
    }
    for (int c = 0; c < Channels; c++) {
        for (int t = 0; t < Shifts; t++) {
            float* to = sums + (c * shifts + t) * kLanes;
            store(to, load(to) + sum[c][t]);
        }
    }
}

void accumulate(const float* in, int64_t in_image, const float* gradient, int64_t gradient_image, int64_t gradient_channel,
                const int64_t* shift, int64_t shifts, int64_t images, int64_t length, float* sums, int64_t channels) {
    const int64_t count = blocks(channels, kGradientChannels);
    for (int64_t block = 0; block < count; block++) {
        const int64_t first = block_begin(channels, count, block);
        with_constant<kGradientChannels>(block_begin(channels, count, block + 1) - first, [&](auto width) {
            for (int64_t t = 0; t < shifts; t += kGradientShifts) {
                with_constant<kGradientShifts>(std::min<int64_t>(kGradientShifts, shifts - t), [&](auto shift_count) {
                    accumulate_block<decltype(width)::value, decltype(shift_count)::value>(
                        in, in_image, gradient + first * gradient_channel, gradient_image, gradient_channel, shift + t, images, length,
                        sums + (first * shifts + t) * kLanes, shifts);
                });
            }
        });
    }
}

void reduce(const float* sums, int64_t count, float* totals) {
    for (int64_t i = 0; i < count; i++) {
        Vector value = load(sums + i * kLanes);
#pragma GCC unroll 4
        for (int64_t half = kLanes / 2; half > 0; half /= 2) {
#pragma GCC unroll 8
            for (int64_t lane = 0; lane < half; lane++) value[lane] += value[lane + half];
        }
        totals[i] = value[0];
    }
}

}  // namespace
}  // namespace mnc::convolution
