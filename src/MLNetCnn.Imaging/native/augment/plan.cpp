#include "augment.h"

namespace mni {
namespace {

struct Box {
    int top, left, height, width;
};

Step operation(Kind kind, const Step& from, std::initializer_list<double> values) {
    Step result{kind, from.fill_mode, from.interpolation, from.fill_value, 1, {}};
    std::copy(values.begin(), values.end(), result.values);
    return result;
}

// An area by share and aspect ratio, ten tries, as torchvision draws it; `fits` says whether the sides will do.
template <class Fits>
bool draw_box(Random& random, const Size& size, double low, double high, double low_ratio, double high_ratio, Fits fits, Box& box) {
    for (int i = 0; i < 10; i++) {
        const double area = static_cast<double>(size.pixels()) * random.uniform(low, high);
        const double ratio = std::exp(random.uniform(std::log(low_ratio), std::log(high_ratio)));
        box.width = static_cast<int>(std::nearbyint(std::sqrt(area * ratio)));
        box.height = static_cast<int>(std::nearbyint(std::sqrt(area / ratio)));
        if (!fits(box)) continue;
        box.top = static_cast<int>(random.below(size.height - box.height + 1));
        box.left = static_cast<int>(random.below(size.width - box.width + 1));
        return true;
    }
    return false;
}

Box central_box(const Size& size, double low_ratio, double high_ratio) {
    const double ratio = static_cast<double>(size.width) / size.height;
    Box box{0, 0, size.height, size.width};
    if (ratio < low_ratio) box.height = std::max(1, static_cast<int>(std::nearbyint(size.width / low_ratio)));
    if (ratio > high_ratio) box.width = std::max(1, static_cast<int>(std::nearbyint(size.height * high_ratio)));
    box.top = (size.height - box.height) / 2;
    box.left = (size.width - box.width) / 2;
    return box;
}

void resized_crop(const Step& step, const Size& size, Random& random, std::vector<Step>& operations) {
    Box box;
    const auto* v = step.values;
    auto fits = [&](const Box& b) { return b.width > 0 && b.width <= size.width && b.height > 0 && b.height <= size.height; };
    if (!draw_box(random, size, v[0], v[1], v[2], v[3], fits, box)) box = central_box(size, v[2], v[3]);
    operations.push_back(operation(Kind::kResizedCrop, step, {1.0 * box.top, 1.0 * box.left, 1.0 * box.height, 1.0 * box.width}));
}

void erasing(const Step& step, const Size& size, Random& random, std::vector<Step>& operations) {
    Box box;
    const auto* v = step.values;
    // The ratio of an erased box is height to width, that of a crop width to height: torchvision has them so.
    auto fits = [&](const Box& b) { return b.height < size.height && b.width < size.width; };
    if (!draw_box(random, size, v[0], v[1], 1 / v[3], 1 / v[2], fits, box)) return;
    operations.push_back(operation(Kind::kErasing, step, {1.0 * box.top, 1.0 * box.left, 1.0 * box.height, 1.0 * box.width, v[4]}));
}

Step colour(Kind kind, const Step& step, double strength, Random& random) {
    return operation(kind, step, {kind == Kind::kHue ? random.uniform(-strength, strength) : random.uniform(std::max(0.0, 1 - strength), 1 + strength)});
}

void color_jitter(const Step& step, Random& random, std::vector<Step>& operations) {
    int order[] = {0, 1, 2, 3};
    for (int i = 3; i > 0; i--) std::swap(order[i], order[random.below(i + 1)]);
    for (int which : order) {
        if (step.values[which] == 0) continue;
        operations.push_back(colour(static_cast<Kind>(static_cast<int>(Kind::kBrightness) + which), step, step.values[which], random));
    }
}

// The k-th of n numbers evenly spaced from low to high, to the bit as torch.linspace has it, since some are cut to whole numbers.
float evenly(float low, float high, int n, int k) {
    const float step = (high - low) / static_cast<float>(n - 1);
    return k < n / 2 ? low + step * static_cast<float>(k) : high - step * static_cast<float>(n - 1 - k);
}

// The greatest magnitudes of the two tables of operations.
struct Magnitudes {
    float shear, translate_x, translate_y, rotate, enhance, posterize;
};

// One operation of the table that RandAugment and TrivialAugment share: which one, and its magnitude as bin k of n.
void table_operation(const Magnitudes& most, int which, int k, int n, const Step& step, const Size& size, Random& random, std::vector<Step>& operations) {
    auto add = [&](Kind kind, std::initializer_list<double> values) { operations.push_back(operation(kind, step, values)); };
    auto is_signed = [&](float magnitude) { return static_cast<double>(random.below(2) == 0 ? magnitude : -magnitude); };
    // Shears are about the upper left corner there.
    const double corner_x = -0.5 * size.width, corner_y = -0.5 * size.height;
    switch (which) {
        case 1: return add(Kind::kShear, {is_signed(evenly(0, most.shear, n, k)), 0, corner_x, corner_y});
        case 2: return add(Kind::kShear, {0, is_signed(evenly(0, most.shear, n, k)), corner_x, corner_y});
        case 3: return add(Kind::kTranslation, {0, std::trunc(is_signed(evenly(0, most.translate_x, n, k)))});
        case 4: return add(Kind::kTranslation, {std::trunc(is_signed(evenly(0, most.translate_y, n, k))), 0});
        case 5: return add(Kind::kRotation, {is_signed(evenly(0, most.rotate, n, k))});
        case 6: return add(Kind::kBrightness, {1 + is_signed(evenly(0, most.enhance, n, k))});
        case 7: return add(Kind::kSaturation, {1 + is_signed(evenly(0, most.enhance, n, k))});
        case 8: return add(Kind::kContrast, {1 + is_signed(evenly(0, most.enhance, n, k))});
        case 9: return add(Kind::kSharpness, {1 + is_signed(evenly(0, most.enhance, n, k))});
        case 10: return add(Kind::kPosterize, {8 - std::nearbyint(static_cast<float>(k) / (static_cast<float>(n - 1) / most.posterize))});
        case 11: return add(Kind::kSolarize, {evenly(255, 0, n, k)});
        case 12: return add(Kind::kAutoContrast, {});
        case 13: return add(Kind::kEqualize, {});
        default: return;  // 0: the image as it is
    }
}

constexpr int kTableSize = 14;

void trivial_augment(const Step& step, const Size& size, Random& random, std::vector<Step>& operations) {
    const Magnitudes most{0.99f, 32, 32, 135, 0.99f, 6};
    const int bins = static_cast<int>(step.values[0]);
    const int which = static_cast<int>(random.below(kTableSize)), bin = static_cast<int>(random.below(bins));
    table_operation(most, which, bin, bins, step, size, random, operations);
}

void rand_augment(const Step& step, const Size& size, Random& random, std::vector<Step>& operations) {
    const auto part = [](int side) { return static_cast<float>(150.0 / 331.0 * side); };
    const Magnitudes most{0.3f, part(size.width), part(size.height), 30, 0.9f, 4};
    for (int i = 0; i < static_cast<int>(step.values[0]); i++) {
        const int which = static_cast<int>(random.below(kTableSize));
        table_operation(most, which, static_cast<int>(step.values[1]), static_cast<int>(step.values[2]), step, size, random, operations);
    }
}

// CutMix's box is as large as the partner's share, its centre anywhere; what stands out of the image is cut off.
Step cut_mix(const Step& step, const Size& size, double partner, Random& random) {
    const double half = 0.5 * std::sqrt(1 - random.beta(step.values[0]));
    const int x = static_cast<int>(random.below(size.width)), y = static_cast<int>(random.below(size.height));
    const int half_width = static_cast<int>(half * size.width), half_height = static_cast<int>(half * size.height);
    const int left = std::max(x - half_width, 0), right = std::min(x + half_width, size.width);
    const int top = std::max(y - half_height, 0), bottom = std::min(y + half_height, size.height);
    const double share = 1 - static_cast<double>(right - left) * (bottom - top) / static_cast<double>(size.pixels());
    return operation(Kind::kCutMix, step, {partner, share, 1.0 * top, 1.0 * left, 1.0 * (bottom - top), 1.0 * (right - left)});
}

void single(const Step& step, const Size& size, Random& random, std::vector<Step>& operations) {
    const auto* v = step.values;
    auto add = [&](std::initializer_list<double> values) { operations.push_back(operation(step.kind, step, values)); };
    auto around = [&](double most) { return random.uniform(-most, most); };
    switch (step.kind) {
        case Kind::kHorizontalFlip:
        case Kind::kVerticalFlip: return add({});
        case Kind::kRotation: return add({around(v[0])});
        case Kind::kTranslation: {
            const double down = around(v[0]) * size.height;
            return add({down, around(v[1]) * size.width});
        }
        case Kind::kZoom: {
            const double height = 1 + around(v[0]);
            return add({height, std::isnan(v[1]) ? height : 1 + around(v[1])});
        }
        case Kind::kShear: {
            const double x = around(v[0]);
            return add({x, around(v[1]), 0, 0});
        }
        case Kind::kCrop: {
            const auto padding = static_cast<int64_t>(v[0]);
            const auto top = static_cast<double>(random.below(2 * padding + 1) - padding);
            return add({top, static_cast<double>(random.below(2 * padding + 1) - padding)});
        }
        case Kind::kResizedCrop: return resized_crop(step, size, random, operations);
        case Kind::kBrightness:
        case Kind::kContrast:
        case Kind::kSaturation:
        case Kind::kHue: return operations.push_back(colour(step.kind, step, v[0], random));
        case Kind::kGaussianNoise: return add({v[0]});
        case Kind::kGaussianBlur: return add({v[0], random.uniform(v[1], v[2])});
        case Kind::kErasing: return erasing(step, size, random, operations);
        case Kind::kColorJitter: return color_jitter(step, random, operations);
        case Kind::kTrivialAugmentWide: return trivial_augment(step, size, random, operations);
        case Kind::kRandAugment: return rand_augment(step, size, random, operations);
        default: return;
    }
}

bool is_mixing(Kind kind) {
    return kind == Kind::kMixUp || kind == Kind::kCutMix;
}

// At most one mixing: their probabilities share one draw.
void mixing(const Step* steps, int step_count, const Size& size, int64_t population, Random& random, std::vector<Step>& operations) {
    double draw = random.uniform();
    for (int i = 0; i < step_count; i++) {
        if (!is_mixing(steps[i].kind)) continue;
        if ((draw -= steps[i].probability) >= 0) continue;
        const auto partner = static_cast<double>(random.below(population));
        operations.push_back(steps[i].kind == Kind::kMixUp ? operation(Kind::kMixUp, steps[i], {partner, random.beta(steps[i].values[0])})
                                                           : cut_mix(steps[i], size, partner, random));
        return;
    }
}

}  // namespace

void plan(const Step* steps, int step_count, const Size& size, int64_t population, Random random, bool mixes, std::vector<Step>& operations) {
    operations.clear();
    for (int i = 0; i < step_count; i++) {
        if (!is_mixing(steps[i].kind) && random.chance(steps[i].probability)) single(steps[i], size, random, operations);
    }
    if (mixes) mixing(steps, step_count, size, population, random, operations);
}

}  // namespace mni
