#include "scale.h"
#include "kernel.h"

#include <opencv2/core/hal/intrin.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

namespace mni {

namespace {

// The source pixels that each target pixel is made of, with the weight of each; those outside of the image have none.
struct Taps {
    struct Span {
        int first, count, weights;
    };
    std::vector<Span> spans;
    std::vector<float> weights;

    Taps(int from, int to) {
        double ratio = static_cast<double>(from) / to, radius = std::max(ratio, 1.0);
        for (int i = 0; i < to; i++) {
            double centre = (i + 0.5) * ratio - 0.5, sum = 0;
            int first = std::max(static_cast<int>(std::floor(centre - radius)) + 1, 0);
            int last = std::min(static_cast<int>(std::ceil(centre + radius)) - 1, from - 1);
            spans.push_back({first, last - first + 1, static_cast<int>(weights.size())});
            for (int j = first; j <= last; j++) {
                double weight = 1 - std::abs(j - centre) / radius;
                weights.push_back(static_cast<float>(weight));
                sum += weight;
            }
            for (size_t j = spans.back().weights; j < weights.size(); j++) weights[j] /= static_cast<float>(sum);
        }
    }
};

MNI_KERNEL
void add_row(const uint8_t* source, float weight, float* sums, int count) {
    for (int i = 0; i < count; i++) sums[i] += weight * source[i];
}

// A pixel at a time, in a register of four: `row` has room to read, `target` room to write, beyond the last channel.
void weigh_columns(const float* row, const Taps& columns, int channels, uint8_t* target) {
    for (const auto& span : columns.spans) {
        const float* weights = columns.weights.data() + span.weights;
        const float* pixel = row + span.first * channels;
        cv::v_float32x4 sum = cv::v_setzero_f32();
        for (int j = 0; j < span.count; j++, pixel += channels) sum += cv::v_load(pixel) * cv::v_setall_f32(weights[j]);
        cv::v_int32x4 rounded = cv::v_round(sum);
        cv::v_int16x8 narrow = cv::v_pack(rounded, rounded);
        cv::v_uint8x16 bytes = cv::v_pack_u(narrow, narrow);
        uint32_t four = cv::v_reinterpret_as_u32(bytes).get0();
        std::memcpy(target, &four, sizeof four);
        target += channels;
    }
}

}  // namespace

void scale(const cv::Mat& source, cv::Mat& destination, cv::Size size) {
    destination.create(size, source.type());
    Taps rows(source.rows, size.height), columns(source.cols, size.width);
    constexpr int room = 4;
    int channels = source.channels(), count = source.cols * channels;
    std::vector<float> sums(count + room);
    std::vector<uint8_t> line(static_cast<size_t>(size.width) * channels + room);
    for (int y = 0; y < size.height; y++) {
        const auto& span = rows.spans[y];
        std::fill(sums.begin(), sums.end(), 0.0f);
        for (int j = 0; j < span.count; j++) add_row(source.ptr(span.first + j), rows.weights[span.weights + j], sums.data(), count);
        weigh_columns(sums.data(), columns, channels, line.data());
        std::memcpy(destination.ptr(y), line.data(), line.size() - room);
    }
}

}  // namespace mni
