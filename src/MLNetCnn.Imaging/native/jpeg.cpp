#include "jpeg.h"

#include <cstdio>

#include <jpeglib.h>
#include <jerror.h>

#include <csetjmp>
#include <stdexcept>

namespace mni {

namespace {

struct Failure {
    jpeg_error_mgr manager;
    std::jmp_buf jump;
    // Of the first pixels that were lost; empty where none were.
    char damage[JMSG_LENGTH_MAX];
};

[[noreturn]] void fail(j_common_ptr state) {
    std::longjmp(reinterpret_cast<Failure*>(state->err)->jump, 1);
}

// Whether a warning tells of pixels that are lost.
bool loses_pixels(j_common_ptr state) {
    constexpr int few = 16, end_of_image = 0xD9;
    const int* numbers = state->err->msg_parm.i;
    switch (state->err->msg_code) {
        case JWRN_ARITH_BAD_CODE: case JWRN_HIT_MARKER: case JWRN_HUFF_BAD_CODE: case JWRN_MUST_RESYNC: return true;
        // Of a single scan all may be there but the mark of its end: what is not has been told by then.
        case JWRN_JPEG_EOF: return reinterpret_cast<j_decompress_ptr>(state)->progressive_mode;
        // Many a camera writes a few bytes too many; many of them at the end are the rest of a picture whose middle was lost.
        case JWRN_EXTRANEOUS_DATA: return numbers[0] > few && numbers[1] == end_of_image;
        default: return false;
    }
}

// libjpeg makes the best of a damaged file, as OpenCV does.
void note_damage(j_common_ptr state, int level) {
    auto& failure = *reinterpret_cast<Failure*>(state->err);
    if (level < 0 && failure.damage[0] == 0 && loses_pixels(state)) failure.manager.format_message(state, failure.damage);
}

// Nothing here has a destructor that a jump would pass over: `image` is the caller's.
bool decode(const uint8_t* data, int64_t size, cv::Mat& image, Failure& failure) {
    jpeg_decompress_struct state;
    state.err = jpeg_std_error(&failure.manager);
    failure.manager.error_exit = fail;
    failure.manager.emit_message = note_damage;
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

cv::Mat decode_jpeg(const uint8_t* data, int64_t size, std::string& damage) {
    cv::Mat image;
    Failure failure{};
    if (!decode(data, size, image, failure)) throw std::runtime_error("the JPEG data is damaged");
    damage = failure.damage;
    return image;
}

}  // namespace mni
