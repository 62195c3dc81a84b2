#include "header.h"

#include <cctype>
#include <cstring>
#include <stdexcept>
#include <string>

namespace mni {

namespace {

// A view of the file that refuses to read past its end.
class Bytes {
public:
    Bytes(const uint8_t* data, size_t size, const char* format) : data_(data), size_(size), format_(format) {}

    size_t size() const { return size_; }

    uint8_t u8(size_t at) const {
        if (at >= size_) cut_short();
        return data_[at];
    }
    uint32_t big16(size_t at) const { return u8(at) << 8 | u8(at + 1); }
    uint32_t big32(size_t at) const { return big16(at) << 16 | big16(at + 2); }
    uint32_t little16(size_t at) const { return u8(at) | u8(at + 1) << 8; }
    uint32_t little32(size_t at) const { return little16(at) | little16(at + 2) << 16; }
    uint32_t little24(size_t at) const { return little16(at) | u8(at + 2) << 16; }

    // Where 0xFF next stands at or after `at`.
    size_t find_marker(size_t at) const {
        auto found = at < size_ ? std::memchr(data_ + at, 0xFF, size_ - at) : nullptr;
        if (found == nullptr) cut_short();
        return static_cast<size_t>(static_cast<const uint8_t*>(found) - data_);
    }

    [[noreturn]] void cut_short() const {
        throw std::runtime_error(std::string("the ") + format_ + " file is cut short after " + std::to_string(size_) + " bytes");
    }

private:
    const uint8_t* data_;
    size_t size_;
    const char* format_;
};

bool starts_with(const uint8_t* data, size_t size, const char* magic, size_t length, size_t at = 0) {
    return size >= at + length && std::memcmp(data + at, magic, length) == 0;
}

constexpr uint32_t exif_header = 0x45786966;  // "Exif"

// EXIF's orientation, 1 to 8, from the TIFF directory that begins at `start`; 1 where there is none, or the data makes no sense.
int orientation(const Bytes& bytes, size_t start, size_t end) {
    constexpr uint32_t orientation_tag = 0x0112, big_endian = 0x4D4D, little_endian = 0x4949;
    if (end > bytes.size()) return 1;
    if (start + 6 <= end && bytes.big32(start) == exif_header) start += 6;
    if (start + 8 > end) return 1;
    const uint32_t order = bytes.big16(start);
    if (order != big_endian && order != little_endian) return 1;
    auto u16 = [&](size_t at) { return order == big_endian ? bytes.big16(at) : bytes.little16(at); };
    const size_t directory = start + (order == big_endian ? bytes.big32(start + 4) : bytes.little32(start + 4));
    if (directory + 2 > end) return 1;
    for (uint32_t entry = 0, count = u16(directory); entry < count; entry++) {
        const size_t at = directory + 2 + 12 * static_cast<size_t>(entry);
        if (at + 12 > end) return 1;
        if (u16(at) != orientation_tag) continue;
        const uint32_t value = u16(at + 8);
        return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
    }
    return 1;
}

// Walks all segments to the end marker: a decoder would fill what is missing with grey and say nothing. It also goes over the
// whole picture once for each scan of a progressive file, which may be a few bytes long.
Header jpeg(const Bytes& bytes) {
    constexpr int most_scans = 500;
    Header header{"JPEG", 0, 0};
    int scans = 0;
    for (size_t at = 2;;) {
        at = bytes.find_marker(at);
        uint8_t marker = bytes.u8(at + 1);
        if (marker == 0xFF) {
            at += 1;
        } else if (marker == 0x00 || marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8)) {
            at += 2;
        } else if (marker == 0xD9) {
            return header;
        } else {
            uint32_t length = bytes.big16(at + 2);
            if (marker == 0xDA && ++scans > most_scans) {
                throw std::runtime_error("the JPEG file has more than " + std::to_string(most_scans) + " scans, which no camera or program writes");
            }
            bool frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
            // Decoders take the first frame.
            if (frame && header.components == 0) {
                header.height = bytes.big16(at + 5);
                header.width = bytes.big16(at + 7);
                header.components = bytes.u8(at + 9);
            }
            // XMP comes in segments of the same kind, before EXIF or after.
            if (marker == 0xE1 && length >= 8 && header.orientation == 1 && bytes.big32(at + 4) == exif_header) {
                header.orientation = orientation(bytes, at + 4, at + 2 + length);
            }
            at += 2 + length;
            if (at > bytes.size()) bytes.cut_short();
        }
    }
}

// Walks all chunks to the end chunk, for the same reason.
Header png(const Bytes& bytes) {
    for (size_t at = 8;;) {
        constexpr size_t frame = 12;  // length, type and checksum
        constexpr uint32_t end = 0x49454E44;
        uint32_t length = bytes.big32(at), type = bytes.big32(at + 4);
        at += frame + length;
        if (at > bytes.size()) bytes.cut_short();
        if (type == end) return {"PNG", bytes.big32(20), bytes.big32(16)};
    }
}

Header gif(const Bytes& bytes) {
    return {"GIF", bytes.little16(8), bytes.little16(6)};
}

Header bmp(const Bytes& bytes) {
    if (bytes.little32(14) == 12) return {"BMP", bytes.little16(20), bytes.little16(18)};
    int64_t height = static_cast<int32_t>(bytes.little32(22));  // Negative: stored from the top.
    return {"BMP", height < 0 ? -height : height, static_cast<int32_t>(bytes.little32(18))};
}

// Its chunks say what comes beside the picture.
Header extended_webp(const Bytes& bytes) {
    constexpr uint32_t animated = 2, exif = 0x45584946;
    Header header{"WebP", bytes.little24(27) + 1, bytes.little24(24) + 1};
    if ((bytes.u8(20) & animated) != 0) throw std::runtime_error("the WebP file is an animation, which is not read: save one of its frames");
    for (size_t at = 12; at + 8 <= bytes.size();) {
        const size_t length = bytes.little32(at + 4);
        if (bytes.big32(at) == exif) header.orientation = orientation(bytes, at + 8, at + 8 + length);
        at += 8 + length + length % 2;
    }
    return header;
}

Header webp(const Bytes& bytes) {
    if (bytes.size() < static_cast<size_t>(bytes.little32(4)) + 8) bytes.cut_short();
    switch (bytes.u8(15)) {
        case ' ':
            return {"WebP", bytes.little16(28) & 0x3FFF, bytes.little16(26) & 0x3FFF};
        case 'L': {
            uint32_t bits = bytes.little32(21);
            return {"WebP", (bits >> 14 & 0x3FFF) + 1, (bits & 0x3FFF) + 1};
        }
        default:
            return extended_webp(bytes);
    }
}

Header tiff(const Bytes& bytes) {
    bool little = bytes.u8(0) == 'I';
    auto u16 = [&](size_t at) { return little ? bytes.little16(at) : bytes.big16(at); };
    auto u32 = [&](size_t at) { return little ? bytes.little32(at) : bytes.big32(at); };
    Header header{"TIFF", 0, 0};
    int64_t samples = 1;
    size_t directory = u32(4);
    for (uint32_t entry = 0, count = u16(directory); entry < count; entry++) {
        size_t at = directory + 2 + 12 * entry;
        constexpr uint32_t width_tag = 256, height_tag = 257, samples_tag = 277, tile_width_tag = 322, tile_height_tag = 323, extra_samples_tag = 338;
        constexpr uint32_t short_type = 3, unassociated_alpha = 2;
        int64_t value = u16(at + 2) == short_type ? u16(at + 8) : u32(at + 8);
        // Decoders take the first of several.
        if (u16(at) == width_tag && header.width == 0) header.width = value;
        if (u16(at) == height_tag && header.height == 0) header.height = value;
        if (u16(at) == samples_tag) samples = value;
        if (u16(at) == tile_width_tag) header.tile_width = value;
        if (u16(at) == tile_height_tag) header.tile_height = value;
        if (u16(at) == extra_samples_tag && value == unassociated_alpha && samples == 4) header.loose_alpha = little ? at + 8 : at + 9;
    }
    return header;
}

Header pnm(const Bytes& bytes) {
    size_t at = 2;
    auto number = [&] {
        for (;; at++) {
            if (bytes.u8(at) == '#') {
                while (bytes.u8(at) != '\n') at++;
            } else if (!std::isspace(bytes.u8(at))) {
                break;
            }
        }
        int64_t value = 0;
        for (; std::isdigit(bytes.u8(at)) && value < (int64_t{1} << 31); at++) value = value * 10 + bytes.u8(at) - '0';
        return value;
    };
    Header header{"PNM", 0, 0};
    header.width = number();
    header.height = number();
    header.is_binary = bytes.u8(1) >= '4';
    const bool has_max_value = bytes.u8(1) != '1' && bytes.u8(1) != '4';
    if (has_max_value) header.max_value = static_cast<int>(number());
    return header;
}

Header recognize(const uint8_t* data, size_t size) {
    auto bytes = [&](const char* format) { return Bytes(data, size, format); };
    if (starts_with(data, size, "\xFF\xD8\xFF", 3)) return jpeg(bytes("JPEG"));
    if (starts_with(data, size, "\x89PNG\r\n\x1A\n", 8)) return png(bytes("PNG"));
    if (starts_with(data, size, "GIF87a", 6) || starts_with(data, size, "GIF89a", 6)) return gif(bytes("GIF"));
    if (starts_with(data, size, "BM", 2)) return bmp(bytes("BMP"));
    if (starts_with(data, size, "RIFF", 4) && starts_with(data, size, "WEBP", 4, 8)) return webp(bytes("WebP"));
    if (starts_with(data, size, "II*\0", 4) || starts_with(data, size, "MM\0*", 4)) return tiff(bytes("TIFF"));
    if (size > 2 && data[0] == 'P' && data[1] >= '1' && data[1] <= '6' && std::isspace(data[2])) return pnm(bytes("PNM"));
    for (const char* brand : {"heic", "heix", "hevc", "mif1", "msf1", "avif", "avis"}) {
        if (starts_with(data, size, "ftyp", 4, 4) && starts_with(data, size, brand, 4, 8)) {
            throw std::runtime_error("a HEIC or AVIF image, which is not read: save it as JPEG");
        }
    }
    throw std::runtime_error(size == 0 ? "the file is empty" : "not an image (JPEG, PNG, WebP, GIF, BMP, TIFF and PNM are read)");
}

}  // namespace

Header read_header(const uint8_t* data, size_t size) {
    Header header = recognize(data, size);
    if (header.height <= 0 || header.width <= 0) {
        throw std::runtime_error(std::string("the ") + header.format + " header states no size");
    }
    return header;
}

}  // namespace mni
