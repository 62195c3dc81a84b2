#include "jpeg.h"

#include <cstdio>

#include <jpeglib.h>

#include <csetjmp>
#include <stdexcept>

namespace mni {

namespace {

struct Failure {
    jpeg_error_mgr manager;
    std::jmp_buf jump;
};

[[noreturn]] void fail(j_common_ptr state) {
    std::longjmp(reinterpret_cast<Failure*>(state->err)->jump, 1);
}

// Warnings of a damaged file are libjpeg's own: as OpenCV, it makes the best of it.
void be_quiet(j_common_ptr) {}

// Nothing here has a destructor that a jump would pass over: `image` is the caller's.
bool decode(const uint8_t* data, int64_t size, cv::Mat& image) {
    jpeg_decompress_struct state;
    Failure failure;
    state.err = jpeg_std_error(&failure.manager);
    failure.manager.error_exit = fail;
    failure.manager.output_message = be_quiet;
    if (setjmp(failure.jump) != 0) {
        jpeg_destroy_decompress(&state);
        return false;
    }
    jpeg_create_decompress(&state);
    jpeg_mem_src(&state, data, static_cast<unsigned long>(size));
    jpeg_read_header(&state, TRUE);
    state.out_color_space = JCS_EXT_BGR;
    jpeg_start_decompress(&state);
    image.create(static_cast<int>(state.output_height), static_cast<int>(state.output_width), CV_8UC3);
    while (state.output_scanline < state.output_height) {
        constexpr JDIMENSION most = 16;
        JSAMPROW rows[most];
        JDIMENSION count = 0;
        for (; count < most && state.output_scanline + count < state.output_height; count++) {
            rows[count] = image.data + static_cast<size_t>(state.output_scanline + count) * image.step;
        }
        jpeg_read_scanlines(&state, rows, count);
    }
    jpeg_finish_decompress(&state);
    jpeg_destroy_decompress(&state);
    return true;
}

}  // namespace

cv::Mat decode_jpeg(const uint8_t* data, int64_t size) {
    cv::Mat image;
    if (!decode(data, size, image)) throw std::runtime_error("the JPEG data is damaged");
    return image;
}

}  // namespace mni
