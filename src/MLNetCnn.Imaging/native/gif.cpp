#include "gif.h"

#include <gif_lib.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace mni {

namespace {

struct Source {
    const uint8_t* data;
    int64_t left;
};

int read(GifFileType* gif, GifByteType* target, int count) {
    auto source = static_cast<Source*>(gif->UserData);
    int taken = static_cast<int>(std::min<int64_t>(count, source->left));
    std::memcpy(target, source->data, taken);
    source->data += taken;
    source->left -= taken;
    return taken;
}

struct Close {
    void operator()(GifFileType* gif) const { DGifCloseFile(gif, nullptr); }
};

void check(bool done) {
    if (!done) throw std::runtime_error("the GIF data is damaged or cut short");
}

void skip_extension(GifFileType* gif) {
    int code;
    GifByteType* block;
    check(DGifGetExtension(gif, &code, &block) == GIF_OK);
    while (block != nullptr) check(DGifGetExtensionNext(gif, &block) == GIF_OK);
}

// The rows in the order in which the file stores them.
std::vector<int> stored_rows(int height, bool interlaced) {
    std::vector<int> rows;
    auto every = [&](int start, int step) {
        for (int row = start; row < height; row += step) rows.push_back(row);
    };
    if (interlaced) {
        every(0, 8);
        every(4, 8);
        every(2, 4);
        every(1, 2);
    } else {
        every(0, 1);
    }
    return rows;
}

cv::Mat read_frame(GifFileType* gif, int64_t max_pixels) {
    check(DGifGetImageDesc(gif) == GIF_OK);
    const GifImageDesc& frame = gif->Image;
    const ColorMapObject* colours = frame.ColorMap != nullptr ? frame.ColorMap : gif->SColorMap;
    check(colours != nullptr && frame.Width > 0 && frame.Height <= max_pixels / frame.Width);
    cv::Mat screen = cv::Mat::zeros(gif->SHeight, gif->SWidth, CV_8UC3);
    std::vector<GifPixelType> line(frame.Width);
    for (int row : stored_rows(frame.Height, frame.Interlace)) {
        check(DGifGetLine(gif, line.data(), frame.Width) == GIF_OK);
        int y = frame.Top + row;
        if (y >= screen.rows) continue;
        auto target = screen.ptr<cv::Vec3b>(y);
        for (int x = 0; x < frame.Width && frame.Left + x < screen.cols; x++) {
            check(line[x] < colours->ColorCount);
            const GifColorType& colour = colours->Colors[line[x]];
            target[frame.Left + x] = cv::Vec3b(colour.Blue, colour.Green, colour.Red);
        }
    }
    return screen;
}

}  // namespace

cv::Mat decode_gif(const uint8_t* data, int64_t size, int64_t max_pixels) {
    Source source{data, size};
    int error = 0;
    std::unique_ptr<GifFileType, Close> gif(DGifOpen(&source, read, &error));
    check(gif != nullptr);
    for (;;) {
        GifRecordType record;
        check(DGifGetRecordType(gif.get(), &record) == GIF_OK);
        if (record == IMAGE_DESC_RECORD_TYPE) return read_frame(gif.get(), max_pixels);
        check(record == EXTENSION_RECORD_TYPE);
        skip_extension(gif.get());
    }
}

}  // namespace mni
