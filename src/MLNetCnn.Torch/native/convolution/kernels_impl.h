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

inline float total(Vector value) {
#pragma GCC unroll 4
    for (int64_t half = kLanes / 2; half > 0; half /= 2) {
#pragma GCC unroll 8
        for (int64_t lane = 0; lane < half; lane++) value[lane] += value[lane + half];
    }
    return value[0];
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

void correlate(const float* in, const int64_t* shift, int64_t shifts, const float* packed, const float* bias, float* out,
               int64_t channel_stride, int64_t length, int64_t channels) {
    for (int64_t first = 0; first < channels; first += kChannels) {
        with_constant<kChannels>(std::min<int64_t>(kChannels, channels - first), [&](auto count) {
            constexpr int kCount = decltype(count)::value;
            float* to = out + first * channel_stride;
            int64_t p = 0;
            for (; p + (kVectors - 1) * kLanes < length; p += kVectors * kLanes) {
                correlate_block<kCount, kVectors>(in + p, shift, shifts, packed, bias + first, to + p, channel_stride);
            }
            for (; p < length; p += kLanes) {
                correlate_block<kCount, 1>(in + p, shift, shifts, packed, bias + first, to + p, channel_stride);
            }
            packed += shifts * kCount;
        });
    }
}

// Sums stay in registers over all images: one horizontal sum per weight and call.
template <int Channels, int Shifts>
inline void accumulate_block(const float* in, int64_t in_image, const float* gradient, int64_t gradient_image,
                             int64_t gradient_channel, const int64_t* shift, int64_t images, int64_t length, float* weights,
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
            weights[c * shifts + t] += total(sum[c][t]);
        }
    }
}

void accumulate(const float* in, int64_t in_image, const float* gradient, int64_t gradient_image, int64_t gradient_channel,
                const int64_t* shift, int64_t shifts, int64_t images, int64_t length, float* weights, int64_t channels) {
    for (int64_t c = 0; c < channels; c += kGradientChannels) {
        with_constant<kGradientChannels>(std::min<int64_t>(kGradientChannels, channels - c), [&](auto channel_count) {
            for (int64_t t = 0; t < shifts; t += kGradientShifts) {
                with_constant<kGradientShifts>(std::min<int64_t>(kGradientShifts, shifts - t), [&](auto shift_count) {
                    accumulate_block<decltype(channel_count)::value, decltype(shift_count)::value>(
                        in, in_image, gradient + c * gradient_channel, gradient_image, gradient_channel, shift + t, images, length,
                        weights + c * shifts + t, shifts);
                });
            }
        });
    }
}

}  // namespace
}  // namespace mnc::convolution
