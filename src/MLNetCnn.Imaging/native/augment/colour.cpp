// Colour operations with the definitions that torchvision's functional transforms have on float images.
#include "augment.h"

#include <cstring>

namespace mni {
namespace {

constexpr float kRed = 0.2989f, kGreen = 0.587f, kBlue = 0.114f;

float clamped(float value) {
    return std::min(std::max(value, 0.0f), 255.0f);
}

MNI_KERNEL void scale(float* x, int64_t count, float factor, float offset) {
    for (int64_t i = 0; i < count; i++) x[i] = clamped(x[i] * factor + offset);
}

// A fixed number of partial sums: the same bits whatever the vector width.
MNI_KERNEL double grey_sum(const float* r, const float* g, const float* b, int64_t count) {
    double lanes[8] = {};
    int64_t i = 0;
    for (; i + 8 <= count; i += 8) {
        for (int lane = 0; lane < 8; lane++) lanes[lane] += kRed * r[i + lane] + kGreen * g[i + lane] + kBlue * b[i + lane];
    }
    for (; i < count; i++) lanes[0] += kRed * r[i] + kGreen * g[i] + kBlue * b[i];
    double sum = 0;
    for (double lane : lanes) sum += lane;
    return sum;
}

MNI_KERNEL double plain_sum(const float* x, int64_t count) {
    double lanes[8] = {};
    int64_t i = 0;
    for (; i + 8 <= count; i += 8) {
        for (int lane = 0; lane < 8; lane++) lanes[lane] += x[i + lane];
    }
    for (; i < count; i++) lanes[0] += x[i];
    double sum = 0;
    for (double lane : lanes) sum += lane;
    return sum;
}

MNI_KERNEL void saturate(float* r, float* g, float* b, int64_t count, float factor) {
    for (int64_t i = 0; i < count; i++) {
        const float grey = (1 - factor) * (kRed * r[i] + kGreen * g[i] + kBlue * b[i]);
        r[i] = clamped(factor * r[i] + grey);
        g[i] = clamped(factor * g[i] + grey);
        b[i] = clamped(factor * b[i] + grey);
    }
}

// To hue, saturation and value, the hue turned, and back. A channel of the result is value - chroma * max(0, min(k, 4 - k, 1))
// with k = (n + 6 hue) mod 6 and n = 5, 3, 1.
MNI_KERNEL void turn_hue(float* r, float* g, float* b, int64_t count, float shift) {
    for (int64_t i = 0; i < count; i++) {
        const float red = r[i], green = g[i], blue = b[i];
        const float most = std::max(red, std::max(green, blue)), least = std::min(red, std::min(green, blue));
        const float chroma = most - least, inverse = 1 / (chroma > 0 ? chroma : 1);
        const float from_red = (green - blue) * inverse, from_green = 2 + (blue - red) * inverse, from_blue = 4 + (red - green) * inverse;
        const float sixths = (most == red ? from_red : most == green ? from_green : from_blue) + 6 * shift;
        auto channel = [&](float n) {
            const float sum = n + sixths, k = sum - 6 * std::floor(sum * (1.0f / 6));
            return most - chroma * std::max(0.0f, std::min(std::min(k, 4 - k), 1.0f));
        };
        r[i] = channel(5);
        g[i] = channel(3);
        b[i] = channel(1);
    }
}

// Two normal variates from each 64 random bits (Box and Muller 1958). The logarithm is a series in (m - 1) / (m + 1), sine and
// cosine are series on an eighth of a turn; both are good to float precision, and the same bits everywhere.
MNI_KERNEL void add_normals(float* x, int64_t count, float deviation, uint64_t key) {
    auto pair = [&](int64_t i, float& first, float& second) {
        const uint64_t bits = mix64(key + (static_cast<uint64_t>(i) + 1) * kGolden);
        const float u = (static_cast<float>(static_cast<int32_t>(bits >> 41)) + 0.5f) * 0x1p-23f;
        const float t = static_cast<float>(static_cast<int32_t>(bits & 0x7FFFFF)) * 0x1p-23f;
        int32_t raw;
        std::memcpy(&raw, &u, sizeof raw);
        int32_t exponent = (raw >> 23) - 127;
        raw = (raw & 0x7FFFFF) | 0x3F800000;
        float m;
        std::memcpy(&m, &raw, sizeof m);
        exponent += m > 1.41421356f ? 1 : 0;
        m = m > 1.41421356f ? 0.5f * m : m;
        const float s = (m - 1) / (m + 1), s2 = s * s;
        const float log_u = 0.69314718f * static_cast<float>(exponent) + 2 * s * (1 + s2 * (1.0f / 3 + s2 * (1.0f / 5 + s2 * (1.0f / 7 + s2 * (1.0f / 9)))));
        const float radius = deviation * std::sqrt(-2 * log_u);
        const float quarter = std::floor(4 * t + 0.5f), a = 6.28318531f * (t - 0.25f * quarter), a2 = a * a;
        const float sine = a * (1 + a2 * (-1.0f / 6 + a2 * (1.0f / 120 + a2 * (-1.0f / 5040 + a2 * (1.0f / 362880)))));
        const float cosine = 1 + a2 * (-0.5f + a2 * (1.0f / 24 + a2 * (-1.0f / 720 + a2 * (1.0f / 40320))));
        const bool swapped = quarter == 1 || quarter == 3, negative = quarter == 1 || quarter == 2, below = quarter == 2 || quarter == 3;
        const float across = swapped ? sine : cosine, up = swapped ? cosine : sine;
        first = radius * (negative ? -across : across);
        second = radius * (below ? -up : up);
    };
    const int64_t half = count / 2;
    for (int64_t i = 0; i < half; i++) {
        float first, second;
        pair(i, first, second);
        x[i] += first;
        x[half + i] += second;
    }
    if (count % 2 == 1) {
        float first, second;
        pair(half, first, second);
        x[count - 1] += first;
    }
}

uint8_t as_byte(float value) {
    return static_cast<uint8_t>(clamped(value));
}

}  // namespace

void adjust_brightness(Canvas& canvas, float factor) {
    scale(canvas.planes.data(), canvas.size.bytes(), factor, 0);
}

void adjust_contrast(Canvas& canvas, float factor) {
    const auto pixels = canvas.size.pixels();
    const double sum = canvas.size.channels == 3 ? grey_sum(canvas.plane(0), canvas.plane(1), canvas.plane(2), pixels) : plain_sum(canvas.plane(0), pixels);
    scale(canvas.planes.data(), canvas.size.bytes(), factor, static_cast<float>((1 - factor) * sum / static_cast<double>(pixels)));
}

void adjust_saturation(Canvas& canvas, float factor) {
    if (canvas.size.channels == 3) saturate(canvas.plane(0), canvas.plane(1), canvas.plane(2), canvas.size.pixels(), factor);
}

void adjust_hue(Canvas& canvas, float shift) {
    if (canvas.size.channels == 3) turn_hue(canvas.plane(0), canvas.plane(1), canvas.plane(2), canvas.size.pixels(), shift);
}

void posterize(Canvas& canvas, int bits) {
    const int mask = 0xFF & ~((1 << (8 - bits)) - 1);
    for (auto& value : canvas.planes) value = static_cast<float>(as_byte(value) & mask);
}

void solarize(Canvas& canvas, float threshold) {
    for (auto& value : canvas.planes) value = value >= threshold ? 255 - value : value;
}

void auto_contrast(Canvas& canvas) {
    for (int c = 0; c < canvas.size.channels; c++) {
        float* plane = canvas.plane(c);
        const auto [least, most] = std::minmax_element(plane, plane + canvas.size.pixels());
        const float factor = 255 / (*most - *least);
        if (std::isfinite(factor)) scale(plane, canvas.size.pixels(), factor, -*least * factor);
    }
}

void equalize(Canvas& canvas) {
    const auto pixels = canvas.size.pixels();
    for (int c = 0; c < canvas.size.channels; c++) {
        float* plane = canvas.plane(c);
        int64_t histogram[256] = {};
        for (int64_t i = 0; i < pixels; i++) histogram[as_byte(plane[i])]++;
        int last = 255;
        while (histogram[last] == 0) last--;
        const int64_t step = (pixels - histogram[last]) / 255;
        if (step == 0) continue;
        float table[256];
        int64_t below = 0;
        for (int i = 0; i < 256; i++) {
            table[i] = i == 0 ? 0 : static_cast<float>(std::min<int64_t>((below + step / 2) / step, 255));
            below += histogram[i];
        }
        for (int64_t i = 0; i < pixels; i++) plane[i] = table[as_byte(plane[i])];
    }
}

void add_noise(Canvas& canvas, float deviation, const Random& random) {
    add_normals(canvas.planes.data(), canvas.size.bytes(), 255 * deviation, random.key());
}

}  // namespace mni
