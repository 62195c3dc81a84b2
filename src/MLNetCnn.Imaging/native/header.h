// What an encoded image says of itself before anything is decoded.
#pragma once

#include <cstddef>
#include <cstdint>

namespace mni {

struct Header {
    const char* format;
    int64_t height;
    int64_t width;
    int components = 0;   // Of a JPEG: 1 grey, 3 colour, 4 CMYK.
    int orientation = 1;  // Of a JPEG or WebP, as EXIF numbers them; OpenCV turns PNG and TIFF itself.
    int max_value = 255;  // Of a PNM: the value that is white.
    bool is_binary = false;  // Of a PNM: its values are bytes and not text.
    size_t loose_alpha = 0;  // Of a TIFF: the byte that says that its colours were not multiplied by their alpha; 0 where none does.
    int64_t tile_height = 1, tile_width = 1;  // Of a TIFF: what is decoded at once, whatever the image's own size.
};

// Reads the header of a JPEG, PNG, WebP, GIF, BMP, TIFF or PNM file and throws std::runtime_error with one plain sentence where
// the bytes are none of these, are cut short, or state no size. The size is the stored one, before EXIF orientation.
Header read_header(const uint8_t* data, size_t size);

}  // namespace mni
