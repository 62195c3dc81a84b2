#include "decode.h"

#include "gif.h"
#include "jpeg.h"
#include "quiet.h"

#include <opencv2/imgcodecs.hpp>

#include <cstring>
#include <stdexcept>

namespace mni {

namespace {

// Undoes EXIF's orientation. OpenCV reads it neither from WebP nor from a JPEG whose XMP comes before its EXIF data.
cv::Mat upright(cv::Mat image, int orientation) {
    constexpr int upside_down = 0, mirrored = 1, both = -1;
    if (orientation >= 5) cv::transpose(image, image);
    switch (orientation) {
        case 2: case 6: cv::flip(image, image, mirrored); break;
        case 3: case 7: cv::flip(image, image, both); break;
        case 4: case 8: cv::flip(image, image, upside_down); break;
        default: break;
    }
    return image;
}

}  // namespace

Header checked_header(const uint8_t* data, int64_t size, int64_t max_pixels) {
    auto header = read_header(data, static_cast<size_t>(size));
    if (header.height > max_pixels / header.width) {
        throw std::runtime_error("the image has " + std::to_string(header.width) + " x " + std::to_string(header.height) +
                                 " pixels, the limit is " + std::to_string(max_pixels));
    }
    if (header.tile_width > 0 && header.tile_height > max_pixels / header.tile_width) {
        throw std::runtime_error("the image comes in tiles of " + std::to_string(header.tile_width) + " x " + std::to_string(header.tile_height) +
                                 " pixels, the limit is " + std::to_string(max_pixels));
    }
    return header;
}

// Colour first, then grey by BT.601: the grey of a file does not depend on how its format stores colour.
cv::Mat decode(const uint8_t* data, int64_t size, int64_t max_pixels, std::string& damage) {
    auto header = checked_header(data, size, max_pixels);
    auto is = [&](const char* format) { return std::strcmp(header.format, format) == 0; };
    if (is("JPEG") && (header.components == 1 || header.components == 3)) return upright(decode_jpeg(data, size, damage), header.orientation);
    if (is("GIF")) return decode_gif(data, size, max_pixels);
    cv::Mat encoded(1, static_cast<int>(size), CV_8U, const_cast<uint8_t*>(data));
    // libtiff would multiply the colours by their alpha, which no other decoder does, if it were not told that it is done already.
    constexpr uint8_t associated_alpha = 1;
    if (header.loose_alpha > 0) {
        encoded = encoded.clone();
        encoded.data[header.loose_alpha] = associated_alpha;
    }
    Quiet quiet;
    const bool is_deep = header.max_value > 255 && header.max_value < 65535, is_turned_here = is("JPEG") || is("WebP");
    cv::Mat bgr = cv::imdecode(encoded, cv::IMREAD_COLOR | (is_deep ? cv::IMREAD_ANYDEPTH : 0) | (is_turned_here ? cv::IMREAD_IGNORE_ORIENTATION : 0));
    if (bgr.empty()) throw std::runtime_error(std::string("the ") + header.format + " data is damaged");
    // OpenCV takes 65535 for white, cameras of 10 or 12 bits state their own; it scales few values that are text, and not those that are bytes.
    if (is_deep || (header.is_binary && header.max_value > 0 && header.max_value < 255)) bgr.convertTo(bgr, CV_8U, 255.0 / header.max_value);
    return upright(bgr, header.orientation);
}

}  // namespace mni
