#include "resize.h"

#include "area.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace mni {

namespace {

void scale(const cv::Mat& source, cv::Mat& destination, int height, int width) {
    if (height <= source.rows && width <= source.cols) {
        shrink(source, destination, cv::Size(width, height));
    } else {
        cv::resize(source, destination, cv::Size(width, height), 0, 0, cv::INTER_LINEAR);
    }
}

// Half to even, as torchvision centres its crops.
int centred(int outer, int inner) {
    return static_cast<int>(std::nearbyint((outer - inner) / 2.0));
}

// What a crop shows of an image that is far longer than its target, which scaled as a whole would fill the memory.
cv::Rect middle(const cv::Mat& source, int height, int width, bool by_height) {
    const int columns = by_height ? static_cast<int>(std::min<int64_t>(source.cols, static_cast<int64_t>(width) * source.rows / height + 2)) : source.cols;
    const int rows = by_height ? source.rows : static_cast<int>(std::min<int64_t>(source.rows, static_cast<int64_t>(height) * source.cols / width + 2));
    return cv::Rect(centred(source.cols, columns), centred(source.rows, rows), columns, rows);
}

}  // namespace

cv::Mat resized(const cv::Mat& source, int height, int width, int resizing) {
    cv::Mat result;
    if (source.rows == height && source.cols == width) return source;
    if (resizing == fill) {
        scale(source, result, height, width);
        return result;
    }
    // Both keep the aspect ratio: a crop covers the target with the shorter side, padding fits the longer one into it.
    bool by_height = (static_cast<int64_t>(source.rows) * width < static_cast<int64_t>(source.cols) * height) == (resizing == iso_crop);
    const int64_t inner_height = by_height ? height : std::max<int64_t>(static_cast<int64_t>(source.rows) * width / source.cols, 1);
    const int64_t inner_width = by_height ? std::max<int64_t>(static_cast<int64_t>(source.cols) * height / source.rows, 1) : width;
    constexpr int64_t most_pixels = int64_t{1} << 26;
    const cv::Rect seen = middle(source, height, width, by_height);
    if (resizing == iso_crop && inner_height * inner_width > most_pixels && static_cast<size_t>(seen.area()) < source.total()) {
        return resized(source(seen), height, width, resizing);
    }
    scale(source, result, static_cast<int>(inner_height), static_cast<int>(inner_width));
    if (resizing == iso_crop) {
        return result(cv::Rect(centred(result.cols, width), centred(result.rows, height), width, height));
    }
    cv::Mat padded = cv::Mat::zeros(height, width, source.type());
    result.copyTo(padded(cv::Rect(centred(width, result.cols), centred(height, result.rows), result.cols, result.rows)));
    return padded;
}

}  // namespace mni
