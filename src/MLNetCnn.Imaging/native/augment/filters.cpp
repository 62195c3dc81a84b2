#include "augment.h"

namespace mni {
namespace {

MNI_KERNEL void add_scaled(const float* source, float weight, float* target, int count) {
    for (int i = 0; i < count; i++) target[i] += weight * source[i];
}

// Mirrored about the outermost pixel, which is not repeated.
int mirrored(int index, int side) {
    if (side == 1) return 0;
    const int period = 2 * (side - 1);
    index = ((index % period) + period) % period;
    return std::min(index, period - index);
}

MNI_KERNEL void sharpen_row(const float* above, const float* row, const float* below, float* target, int width, float factor) {
    for (int x = 1; x < width - 1; x++) {
        const float around = above[x - 1] + above[x] + above[x + 1] + row[x - 1] + row[x + 1] + below[x - 1] + below[x] + below[x + 1];
        const float smooth = (around + 5 * row[x]) * (1.0f / 13);
        target[x] = std::min(std::max(factor * row[x] + (1 - factor) * smooth, 0.0f), 255.0f);
    }
}

}  // namespace

// A blend with the image smoothed by a 3x3 kernel whose centre weighs 5 of 13; the outermost pixels stay.
void adjust_sharpness(Canvas& canvas, float factor) {
    const auto [height, width, channels] = canvas.size;
    if (height <= 2 || width <= 2) return;
    canvas.spare = canvas.planes;
    for (int c = 0; c < channels; c++) {
        for (int y = 1; y < height - 1; y++) {
            const float* row = canvas.plane(c) + static_cast<int64_t>(y) * width;
            sharpen_row(row - width, row, row + width, canvas.spare.data() + (row - canvas.planes.data()), width, factor);
        }
    }
    canvas.planes.swap(canvas.spare);
}

void gaussian_blur(Canvas& canvas, int kernel, double sigma) {
    const auto [height, width, channels] = canvas.size;
    const int half = kernel / 2;
    std::vector<float> weights(kernel);
    double sum = 0;
    for (int k = 0; k < kernel; k++) sum += std::exp(-0.5 * (k - half) * (k - half) / (sigma * sigma));
    for (int k = 0; k < kernel; k++) weights[k] = static_cast<float>(std::exp(-0.5 * (k - half) * (k - half) / (sigma * sigma)) / sum);

    std::vector<float> padded(width + 2 * half);
    for (int c = 0; c < channels; c++) {
        float* across = canvas.spare.data() + c * canvas.size.pixels();
        for (int y = 0; y < height; y++) {
            const float* row = canvas.plane(c) + static_cast<int64_t>(y) * width;
            for (int x = -half; x < width + half; x++) padded[x + half] = row[x >= 0 && x < width ? x : mirrored(x, width)];
            float* target = across + static_cast<int64_t>(y) * width;
            std::fill(target, target + width, 0.0f);
            for (int k = 0; k < kernel; k++) add_scaled(padded.data() + k, weights[k], target, width);
        }
        for (int y = 0; y < height; y++) {
            float* target = canvas.plane(c) + static_cast<int64_t>(y) * width;
            std::fill(target, target + width, 0.0f);
            for (int k = 0; k < kernel; k++) add_scaled(across + static_cast<int64_t>(mirrored(y + k - half, height)) * width, weights[k], target, width);
        }
    }
}

}  // namespace mni
