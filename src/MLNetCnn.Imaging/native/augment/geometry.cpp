#include "augment.h"

namespace mni {
namespace {

// Where an output pixel comes from: in = matrix * out, both counted from the image's centre.
struct Affine {
    double xx = 1, xy = 0, x1 = 0;
    double yx = 0, yy = 1, y1 = 0;

    // This first, then `later`: what comes out at `p` was at this(later(p)).
    Affine then(const Affine& later) const {
        return {xx * later.xx + xy * later.yx, xx * later.xy + xy * later.yy, xx * later.x1 + xy * later.y1 + x1,
                yx * later.xx + yy * later.yx, yx * later.xy + yy * later.yy, yx * later.x1 + yy * later.y1 + y1};
    }
};

Affine matrix(const Step& operation, const Size& size) {
    const auto* v = operation.values;
    switch (operation.kind) {
        case Kind::kHorizontalFlip: return {-1, 0, 0, 0, 1, 0};
        case Kind::kVerticalFlip: return {1, 0, 0, 0, -1, 0};
        case Kind::kRotation: {
            const double angle = v[0] * (M_PI / 180), c = std::cos(angle), s = std::sin(angle);
            return {c, -s, 0, s, c, 0};
        }
        case Kind::kTranslation: return {1, 0, -v[1], 0, 1, -v[0]};
        case Kind::kZoom: return {v[1], 0, 0, 0, v[0], 0};
        case Kind::kShear: {
            // About (v[2], v[3]).
            const double xx = 1 + v[0] * v[1];
            return {xx, v[0], v[2] - xx * v[2] - v[0] * v[3], v[1], 1, -v[1] * v[2]};
        }
        case Kind::kCrop: return {1, 0, v[1], 0, 1, v[0]};
        case Kind::kResizedCrop:
            return {v[3] / size.width, 0, v[1] + 0.5 * v[3] - 0.5 * size.width, 0, v[2] / size.height, v[0] + 0.5 * v[2] - 0.5 * size.height};
        default: return {};
    }
}

bool is_flip(Kind kind) {
    return kind == Kind::kHorizontalFlip || kind == Kind::kVerticalFlip;
}

// What a sampling may read: a crop never looks beyond its own edge.
struct Window {
    int top, left, height, width;
};

// Pixel indices of `count` coordinates; what lies outside is brought inside. Whole numbers in float: exact, and vectorisable.
MNI_KERNEL void bring_inside(float* index, int count, int side, bool reflect) {
    const float last = static_cast<float>(side - 1), period = static_cast<float>(2 * side);
    if (reflect) {
        for (int i = 0; i < count; i++) {
            const float turned = index[i] - period * std::floor(index[i] / period);
            index[i] = std::min(turned, period - 1 - turned);
        }
    }
    for (int i = 0; i < count; i++) index[i] = std::min(std::max(index[i], 0.0f), last);
}

MNI_KERNEL void to_offsets(const float* x, const float* y, int* offsets, int count, int stride) {
    for (int i = 0; i < count; i++) offsets[i] = static_cast<int>(y[i]) * stride + static_cast<int>(x[i]);
}

MNI_KERNEL void split(float* coordinates, float* fractions, int count) {
    for (int i = 0; i < count; i++) {
        const float whole = std::floor(coordinates[i]);
        fractions[i] = coordinates[i] - whole;
        coordinates[i] = whole;
    }
}

MNI_KERNEL void bilinear_row(const float* source, const int* offsets, const float* fx, const float* fy, float* target, int width) {
    for (int x = 0; x < width; x++) {
        const float top = source[offsets[x]] * (1 - fx[x]) + source[offsets[width + x]] * fx[x];
        const float bottom = source[offsets[2 * width + x]] * (1 - fx[x]) + source[offsets[3 * width + x]] * fx[x];
        target[x] = top * (1 - fy[x]) + bottom * fy[x];
    }
}

// Flips and whole-pixel shifts need no interpolation: every row is copied from one row.
bool copy_exactly(Canvas& canvas, const Affine& by, FillMode mode, float fill, const Window& window) {
    const auto [height, width, channels] = canvas.size;
    const double x0 = by.xx * (0.5 - 0.5 * width) + by.x1 + 0.5 * width - 0.5, y0 = by.yy * (0.5 - 0.5 * height) + by.y1 + 0.5 * height - 0.5;
    const bool exact = std::abs(by.xx) == 1 && std::abs(by.yy) == 1 && by.xy == 0 && by.yx == 0 && x0 == std::floor(x0) && y0 == std::floor(y0);
    if (!exact) return false;
    auto source_of = [&](double coordinate, int low, int side) {
        if (mode == FillMode::kConstant && (coordinate < low || coordinate >= low + side)) return -1;
        auto index = static_cast<float>(coordinate - low);
        bring_inside(&index, 1, side, mode == FillMode::kReflect);
        return low + static_cast<int>(index);
    };
    for (int x = 0; x < width; x++) canvas.offsets[x] = source_of(x0 + by.xx * x, window.left, window.width);
    for (int y = 0; y < height; y++) {
        const int row = source_of(y0 + by.yy * y, window.top, window.height);
        for (int c = 0; c < channels; c++) {
            const float* source = canvas.plane(c) + static_cast<int64_t>(row) * width;
            float* target = canvas.spare.data() + c * canvas.size.pixels() + static_cast<int64_t>(y) * width;
            if (row < 0) {
                std::fill(target, target + width, fill);
            } else {
                for (int x = 0; x < width; x++) target[x] = canvas.offsets[x] < 0 ? fill : source[canvas.offsets[x]];
            }
        }
    }
    canvas.planes.swap(canvas.spare);
    return true;
}

// The planes with a border of one pixel of the fill value around: clamped to it, all that is outside is the fill value.
void add_border(Canvas& canvas, float fill) {
    const auto [height, width, channels] = canvas.size;
    const int stride = width + 2;
    canvas.bordered.assign(static_cast<size_t>(height + 2) * stride * channels, fill);
    for (int c = 0; c < channels; c++) {
        for (int y = 0; y < height; y++) {
            const float* source = canvas.plane(c) + static_cast<int64_t>(y) * width;
            std::copy(source, source + width, canvas.bordered.data() + (static_cast<int64_t>(c) * (height + 2) + y + 1) * stride + 1);
        }
    }
}

void sample(Canvas& canvas, const Affine& by, FillMode mode, float fill, Interpolation interpolation, Window window) {
    if (copy_exactly(canvas, by, mode, fill, window)) return;
    const auto [height, width, channels] = canvas.size;
    const float* source = canvas.planes.data();
    int stride = width;
    int64_t plane = canvas.size.pixels();
    if (mode == FillMode::kConstant) {
        add_border(canvas, fill);
        source = canvas.bordered.data();
        stride = width + 2;
        plane = static_cast<int64_t>(height + 2) * stride;
        window = {-1, -1, height + 2, width + 2};
    } else {
        source += static_cast<int64_t>(window.top) * width + window.left;
    }

    float *x_low = canvas.coordinates.data(), *x_high = x_low + width, *y_low = x_high + width, *y_high = y_low + width;
    float *fx = y_high + width, *fy = fx + width;
    const bool reflect = mode == FillMode::kReflect;
    for (int y = 0; y < height; y++) {
        const double centred = y + 0.5 - 0.5 * height;
        const double start_x = by.xx * (0.5 - 0.5 * width) + by.xy * centred + by.x1 + 0.5 * width - 0.5 - window.left;
        const double start_y = by.yx * (0.5 - 0.5 * width) + by.yy * centred + by.y1 + 0.5 * height - 0.5 - window.top;
        for (int x = 0; x < width; x++) {
            x_low[x] = static_cast<float>(start_x + by.xx * x);
            y_low[x] = static_cast<float>(start_y + by.yx * x);
        }
        auto* target = canvas.spare.data() + static_cast<int64_t>(y) * width;
        if (interpolation == Interpolation::kNearest) {
            for (int x = 0; x < width; x++) {
                x_low[x] = std::nearbyint(x_low[x]);
                y_low[x] = std::nearbyint(y_low[x]);
            }
            bring_inside(x_low, width, window.width, reflect);
            bring_inside(y_low, width, window.height, reflect);
            to_offsets(x_low, y_low, canvas.offsets.data(), width, stride);
            for (int c = 0; c < channels; c++) {
                for (int x = 0; x < width; x++) target[c * canvas.size.pixels() + x] = source[c * plane + canvas.offsets[x]];
            }
            continue;
        }
        split(x_low, fx, width);
        split(y_low, fy, width);
        for (int x = 0; x < width; x++) {
            x_high[x] = x_low[x] + 1;
            y_high[x] = y_low[x] + 1;
        }
        bring_inside(x_low, 2 * width, window.width, reflect);
        bring_inside(y_low, 2 * width, window.height, reflect);
        int* offsets = canvas.offsets.data();
        to_offsets(x_low, y_low, offsets, width, stride);
        to_offsets(x_high, y_low, offsets + width, width, stride);
        to_offsets(x_low, y_high, offsets + 2 * width, width, stride);
        to_offsets(x_high, y_high, offsets + 3 * width, width, stride);
        for (int c = 0; c < channels; c++) {
            bilinear_row(source + c * plane, offsets, fx, fy, target + c * canvas.size.pixels(), width);
        }
    }
    canvas.planes.swap(canvas.spare);
}

}  // namespace

bool is_geometric(Kind kind) {
    return kind <= Kind::kResizedCrop;
}

void warp(Canvas& canvas, const Step* operations, int count) {
    const Window whole{0, 0, canvas.size.height, canvas.size.width};
    for (int i = 0; i < count;) {
        const Step* style = &operations[i];
        auto window = whole;
        if (style->kind == Kind::kResizedCrop) {
            const auto* v = style->values;
            window = {static_cast<int>(v[0]), static_cast<int>(v[1]), static_cast<int>(v[2]), static_cast<int>(v[3])};
        }
        auto by = matrix(operations[i], canvas.size);
        const bool cropped = style->kind == Kind::kResizedCrop;
        for (i++; i < count; i++) {
            const auto& next = operations[i];
            // A flip goes with everything; the others with what fills and interpolates as they do, but with no crop.
            if (!is_flip(next.kind)) {
                const bool same = next.fill_mode == style->fill_mode && next.fill_value == style->fill_value && next.interpolation == style->interpolation;
                if (cropped || next.kind == Kind::kResizedCrop || !(same || is_flip(style->kind))) break;
                style = &next;
            }
            by = by.then(matrix(next, canvas.size));
        }
        sample(canvas, by, cropped ? FillMode::kEdge : style->fill_mode, static_cast<float>(255 * style->fill_value), style->interpolation, window);
    }
}

void erase(Canvas& canvas, const Step& operation, const Random& random) {
    const auto* v = operation.values;
    const int top = static_cast<int>(v[0]), left = static_cast<int>(v[1]), height = static_cast<int>(v[2]), width = static_cast<int>(v[3]);
    auto own = random;
    for (int c = 0; c < canvas.size.channels; c++) {
        for (int y = top; y < top + height; y++) {
            float* row = canvas.plane(c) + static_cast<int64_t>(y) * canvas.size.width + left;
            for (int x = 0; x < width; x++) row[x] = static_cast<float>(255 * (std::isnan(v[4]) ? own.uniform() : v[4]));
        }
    }
}

}  // namespace mni
