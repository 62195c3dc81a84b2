#include "describe.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <numeric>
#include <vector>

namespace mni {

namespace {

constexpr int hash_bits = 128;

uint64_t steps(const cv::Mat& grey, int height, int width, int dy, int dx) {
    cv::Mat small;
    cv::resize(grey, small, cv::Size(width, height), 0, 0, cv::INTER_AREA);
    uint64_t bits = 0;
    for (int y = 0; y + dy < height; y++) {
        for (int x = 0; x + dx < width; x++) bits = bits << 1 | (small.at<uint8_t>(y, x) < small.at<uint8_t>(y + dy, x + dx));
    }
    return bits;
}

uint64_t fnv(const cv::Mat& image) {
    uint64_t sum = 14695981039346656037u;
    size_t row = image.cols * image.elemSize();
    for (int y = 0; y < image.rows; y++) {
        const uint8_t* bytes = image.ptr(y);
        for (size_t i = 0; i < row; i++) sum = (sum ^ bytes[i]) * 1099511628211u;
    }
    return sum;
}

// The bits [from, to) of a hash of two words, the first 64 of them.
uint64_t band(const uint64_t* hash, int from, int to) {
    unsigned __int128 whole = static_cast<unsigned __int128>(hash[1]) << 64 | hash[0];
    uint64_t mask = to - from < 64 ? (uint64_t{1} << (to - from)) - 1 : ~uint64_t{0};
    return static_cast<uint64_t>(whole >> from) & mask;
}

int differing(const uint64_t* a, const uint64_t* b) {
    return __builtin_popcountll(a[0] ^ b[0]) + __builtin_popcountll(a[1] ^ b[1]);
}

}  // namespace

Description describe(const cv::Mat& image) {
    cv::Mat grey = image;
    if (image.channels() == 3) cv::cvtColor(image, grey, cv::COLOR_RGB2GRAY);
    cv::Scalar mean, deviation, unused, spread;
    cv::meanStdDev(grey, mean, deviation);
    cv::Mat laplacian;
    cv::Laplacian(grey, laplacian, CV_16S);
    cv::meanStdDev(laplacian, unused, spread);
    return {{steps(grey, 8, 9, 0, 1), steps(grey, 9, 8, 1, 0)},
            fnv(image),
            static_cast<float>(mean[0]),
            static_cast<float>(deviation[0]),
            static_cast<float>(spread[0] * spread[0]),
            0};
}

int64_t near_pairs(const uint64_t* hashes, int count, int distance, Pair* pairs, int64_t capacity) {
    int bands = distance + 1;
    auto edge = [&](int number) { return hash_bits * number / bands; };
    int64_t found = 0;
    std::vector<uint64_t> keys(count);
    std::vector<int> order(count);
    for (int number = 0; number < bands; number++) {
        for (int i = 0; i < count; i++) keys[i] = band(hashes + 2 * i, edge(number), edge(number + 1));
        std::iota(order.begin(), order.end(), 0);
        std::sort(order.begin(), order.end(), [&](int a, int b) { return keys[a] != keys[b] ? keys[a] < keys[b] : a < b; });
        // A pair is noted in the first band that it shares.
        auto shared_before = [&](int a, int b) {
            for (int earlier = 0; earlier < number; earlier++) {
                if (band(hashes + 2 * a, edge(earlier), edge(earlier + 1)) == band(hashes + 2 * b, edge(earlier), edge(earlier + 1))) return true;
            }
            return false;
        };
        for (int start = 0; start < count;) {
            int end = start;
            while (end < count && keys[order[end]] == keys[order[start]]) end++;
            for (int i = start; i < end; i++) {
                for (int j = i + 1; j < end; j++) {
                    int a = order[i], b = order[j];
                    if (differing(hashes + 2 * a, hashes + 2 * b) > distance || shared_before(a, b)) continue;
                    if (found < capacity) pairs[found] = {a, b};
                    found++;
                }
            }
            start = end;
        }
    }
    return found;
}

}  // namespace mni
