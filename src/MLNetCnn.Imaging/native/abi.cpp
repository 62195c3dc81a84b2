// The C ABI between OpenCV (and libjpeg-turbo, giflib) and C#: plain functions over caller-owned buffers of 8-bit pixels, [H, W, C] with C = 1 (grey)
// or 3 (RGB). Each returns a status (0: done, 1: failed, with the message kept per thread): no C++ exception crosses.
#include "augment/augment.h"
#include "decode.h"
#include "describe.h"
#include "resize.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

#define MNI_API extern "C" __attribute__((visibility("default")))

namespace {

thread_local std::string last_error;

template <class Body>
int guarded(std::string& error, Body&& body) noexcept {
    try {
        body();
        return 0;
    } catch (const cv::Exception& exception) {
        error = exception.err;
    } catch (const std::exception& exception) {
        error = exception.what();
    } catch (...) {
        error = "an unknown C++ exception";
    }
    return 1;
}

cv::Mat view(const uint8_t* pixels, int height, int width, int channels) {
    return cv::Mat(height, width, CV_8UC(channels), const_cast<uint8_t*>(pixels));
}

void convert(const cv::Mat& source, cv::Mat destination, int conversion) {
    const void* target = destination.data;
    cv::cvtColor(source, destination, conversion);
    if (destination.data != target) throw std::runtime_error("the destination has another size than the image");
}

void store(const cv::Mat& bgr, uint8_t* pixels, int channels) {
    convert(bgr, view(pixels, bgr.rows, bgr.cols, channels), channels == 1 ? cv::COLOR_BGR2GRAY : cv::COLOR_BGR2RGB);
}

void encode(const uint8_t* pixels, int height, int width, int channels, const char* extension,
            const std::vector<int>& options, uint8_t** encoded, int64_t* size) {
    cv::Mat image = view(pixels, height, width, channels);
    if (channels == 3) {
        cv::Mat bgr;
        cv::cvtColor(image, bgr, cv::COLOR_RGB2BGR);
        image = bgr;
    }
    std::vector<uint8_t> bytes;
    if (!cv::imencode(extension, image, bytes, options)) throw std::runtime_error("the image cannot be encoded");
    auto copy = static_cast<uint8_t*>(std::malloc(bytes.size()));
    if (copy == nullptr) throw std::bad_alloc();
    std::memcpy(copy, bytes.data(), bytes.size());
    *encoded = copy;
    *size = static_cast<int64_t>(bytes.size());
}

}  // namespace

MNI_API const char* mni_last_error() {
    return last_error.c_str();
}

MNI_API const char* mni_opencv_version() {
    return CV_VERSION;
}

// The stored size, after the pixel limit was checked; orientation may still exchange the two.
MNI_API int mni_probe(const uint8_t* data, int64_t size, int64_t max_pixels, int* height, int* width) {
    return guarded(last_error, [&] {
        auto header = mni::checked_header(data, size, max_pixels);
        *height = static_cast<int>(header.height);
        *width = static_cast<int>(header.width);
    });
}

// `pixels` holds the probed height x width x channels; the size given back is that after EXIF orientation.
MNI_API int mni_decode(const uint8_t* data, int64_t size, int64_t max_pixels, int channels, uint8_t* pixels, int64_t capacity,
                       int* height, int* width) {
    return guarded(last_error, [&] {
        std::string damage;
        cv::Mat bgr = mni::decode(data, size, max_pixels, damage);
        if (static_cast<int64_t>(bgr.total()) * channels != capacity) {
            throw std::runtime_error("the image has another size than its header states");
        }
        store(bgr, pixels, channels);
        *height = bgr.rows;
        *width = bgr.cols;
    });
}

// Decodes and resizes `count` encoded images into [count, height, width, channels] on all cores. `statuses[i]` is 0; 1 for an image
// that cannot be read, whose pixels are zero; or 2 for one of which a part is lost: `messages + i * message_size` says why.
// `stored_sizes` takes [count, 2]: height and width before resizing, 0 for an unreadable image.
MNI_API int mni_decode_batch(const uint8_t* const* data, const int64_t* sizes, int count, int64_t max_pixels, int height,
                             int width, int channels, int resizing, uint8_t* pixels, int* statuses, char* messages,
                             int message_size, int* stored_sizes) {
    return guarded(last_error, [&] {
        size_t image_size = static_cast<size_t>(height) * width * channels;
        cv::parallel_for_(cv::Range(0, count), [&](const cv::Range& range) {
            for (int i = range.start; i < range.end; i++) {
                constexpr int damaged = 2;
                std::string error, damage;
                uint8_t* target = pixels + i * image_size;
                stored_sizes[2 * i] = stored_sizes[2 * i + 1] = 0;
                statuses[i] = guarded(error, [&] {
                    cv::Mat bgr = mni::decode(data[i], sizes[i], max_pixels, damage);
                    store(mni::resized(bgr, height, width, resizing), target, channels);
                    stored_sizes[2 * i] = bgr.rows;
                    stored_sizes[2 * i + 1] = bgr.cols;
                });
                if (statuses[i] != 0) std::memset(target, 0, image_size);
                else if (!damage.empty()) statuses[i] = damaged;
                std::snprintf(messages + static_cast<size_t>(i) * message_size, message_size, "%s", statuses[i] == damaged ? damage.c_str() : error.c_str());
            }
        }, count);
    });
}

// Resizes [count, source_height, source_width, source_channels] into [count, height, width, channels] on all cores.
MNI_API int mni_resize_batch(const uint8_t* source, int count, int source_height, int source_width, int source_channels,
                             uint8_t* destination, int height, int width, int channels, int resizing) {
    return guarded(last_error, [&] {
        size_t source_size = static_cast<size_t>(source_height) * source_width * source_channels;
        size_t size = static_cast<size_t>(height) * width * channels;
        cv::parallel_for_(cv::Range(0, count), [&](const cv::Range& range) {
            for (int i = range.start; i < range.end; i++) {
                cv::Mat image = mni::resized(view(source + i * source_size, source_height, source_width, source_channels), height, width, resizing);
                cv::Mat target = view(destination + i * size, height, width, channels);
                if (channels == source_channels) {
                    image.copyTo(target);
                } else {
                    convert(image, target, channels == 1 ? cv::COLOR_RGB2GRAY : cv::COLOR_GRAY2RGB);
                }
            }
        });
    });
}

// Augments a batch on all cores that OpenMP gives the calling thread.
MNI_API int mni_augment(const mni::Batch* batch, const mni::Step* steps, int step_count, const mni::Output* output) {
    return guarded(last_error, [&] { mni::augment(*batch, steps, step_count, *output); });
}

// What mni_augment does to each image: `counts[i]` operations from `operations + i * capacity`.
MNI_API int mni_augment_plan(const mni::Batch* batch, const mni::Step* steps, int step_count, mni::Step* operations, int capacity, int* counts) {
    return guarded(last_error, [&] { mni::plan_batch(*batch, steps, step_count, operations, capacity, counts); });
}

// Turns `count` images of planes, [channels, height, width], into [height, width, channels].
MNI_API int mni_interleave_batch(const uint8_t* source, int count, int height, int width, int channels, uint8_t* destination) {
    return guarded(last_error, [&] {
        size_t plane = static_cast<size_t>(height) * width, size = plane * channels;
        for (int i = 0; i < count; i++) {
            std::vector<cv::Mat> planes;
            for (int c = 0; c < channels; c++) planes.push_back(view(source + i * size + c * plane, height, width, 1));
            cv::Mat target = view(destination + i * size, height, width, channels);
            cv::merge(planes, target);
        }
    });
}

// Describes [count, height, width, channels] images on all cores.
MNI_API int mni_describe_batch(const uint8_t* source, int count, int height, int width, int channels, mni::Description* descriptions) {
    return guarded(last_error, [&] {
        size_t size = static_cast<size_t>(height) * width * channels;
        cv::parallel_for_(cv::Range(0, count), [&](const cv::Range& range) {
            for (int i = range.start; i < range.end; i++) descriptions[i] = mni::describe(view(source + i * size, height, width, channels));
        });
    });
}

MNI_API int mni_near_pairs(const uint64_t* hashes, int count, int distance, mni::Pair* pairs, int64_t capacity, int64_t* found) {
    return guarded(last_error, [&] { *found = mni::near_pairs(hashes, count, distance, pairs, capacity); });
}

// `encoded` is freed with mni_free.
MNI_API int mni_encode_png(const uint8_t* pixels, int height, int width, int channels, uint8_t** encoded, int64_t* size) {
    return guarded(last_error, [&] { encode(pixels, height, width, channels, ".png", {}, encoded, size); });
}

MNI_API int mni_encode_jpeg(const uint8_t* pixels, int height, int width, int channels, int quality, uint8_t** encoded, int64_t* size) {
    return guarded(last_error, [&] {
        encode(pixels, height, width, channels, ".jpg", {cv::IMWRITE_JPEG_QUALITY, quality}, encoded, size);
    });
}

MNI_API void mni_free(uint8_t* encoded) {
    std::free(encoded);
}
