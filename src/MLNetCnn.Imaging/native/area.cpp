#include "area.h"
#include "kernel.h"

#include <opencv2/core/hal/intrin.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

namespace mni {

namespace {

// The source pixels that each target pixel covers, with the share of each.
struct Coverage {
    struct Span {
        int first, count, weights;
    };
    std::vector<Span> spans;
    std::vector<float> weights;

    Coverage(int from, int to) {
        double scale = static_cast<double>(from) / to;
        for (int i = 0; i < to; i++) {
            double start = i * scale, end = std::min((i + 1) * scale, static_cast<double>(from));
            int first = static_cast<int>(start), last = std::max(static_cast<int>(std::ceil(end - 1e-9)), first + 1);
            spans.push_back({first, last - first, static_cast<int>(weights.size())});
            for (int j = first; j < last; j++) {
                weights.push_back(static_cast<float>((std::min(end, j + 1.0) - std::max(start, static_cast<double>(j))) / (end - start)));
            }
        }
    }
};

MNI_KERNEL
void add_row(const uint8_t* source, float weight, float* sums, int count) {
    for (int i = 0; i < count; i++) sums[i] += weight * source[i];
}

// A pixel at a time, in a register of four: `row` has room to read, `target` room to write, beyond the last channel.
void average_columns(const float* row, const Coverage& columns, int channels, uint8_t* target) {
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

void shrink(const cv::Mat& source, cv::Mat& destination, cv::Size size) {
    if (source.rows % size.height == 0 && source.cols % size.width == 0) {
        cv::resize(source, destination, size, 0, 0, cv::INTER_AREA);
        return;
    }
    destination.create(size, source.type());
    Coverage rows(source.rows, size.height), columns(source.cols, size.width);
    constexpr int room = 4;
    int channels = source.channels(), count = source.cols * channels;
    std::vector<float> sums(count + room);
    std::vector<uint8_t> line(size.width * channels + room);
    for (int y = 0; y < size.height; y++) {
        const auto& span = rows.spans[y];
        std::fill(sums.begin(), sums.end(), 0.0f);
        for (int j = 0; j < span.count; j++) add_row(source.ptr(span.first + j), rows.weights[span.weights + j], sums.data(), count);
        average_columns(sums.data(), columns, channels, line.data());
        std::memcpy(destination.ptr(y), line.data(), line.size() - room);
    }
}

}  // namespace mni
