// Random changes to whole batches of images. A step says what may happen (ImageAugmentation in C# has the meaning of its
// parameters); planning draws from the steps what does happen to one image, a list of operations; applying carries it out on
// float planes of 0..255, and only the finished image is normalised, or rounded, into the batch.
#pragma once

#include "../kernel.h"

#include <cstdint>
#include <string>
#include <vector>

#include "random.h"

namespace mni {

// AugmentationKind in C#. A step of a kind has the ranges, an operation of the kind the values drawn from them; the kinds from
// kColorJitter on are steps alone, which give operations of other kinds.
enum class Kind : int32_t {
    kHorizontalFlip, kVerticalFlip, kRotation, kTranslation, kZoom, kShear, kCrop, kResizedCrop,
    kBrightness, kContrast, kSaturation, kHue, kSharpness, kPosterize, kSolarize, kAutoContrast, kEqualize,
    kGaussianNoise, kGaussianBlur, kErasing, kMixUp, kCutMix,
    kColorJitter, kTrivialAugmentWide, kRandAugment,
};

enum class FillMode : int32_t { kReflect, kConstant, kEdge };
enum class Interpolation : int32_t { kBilinear, kNearest };

// NativeStep in C#, as a step and as an operation.
struct Step {
    Kind kind;
    FillMode fill_mode;
    Interpolation interpolation;
    double fill_value;   // 0..1
    double probability;  // of a step
    double values[6];
};

struct Size {
    int height, width, channels;
    int64_t pixels() const { return static_cast<int64_t>(height) * width; }
    int64_t bytes() const { return pixels() * channels; }
};

// NativeBatch in C#. A place in [0, population) is an image that is augmented; population more, the same image left as it is.
struct Batch {
    const uint8_t* images;   // [stored, height, width, channels]
    const int64_t* rows;     // [population]: where the image of each place is stored
    const int64_t* labels;   // [population]; null without targets
    const int64_t* places;   // [count]
    int64_t population;
    int64_t count;
    Size size;
    int32_t classes;
    uint64_t seed;
};

// NativeOutput in C#. Exactly one of `floats` and `bytes` is given.
struct Output {
    float* floats;           // [count, channels, height, width], or [count, height, width, channels] where channels_last
    uint8_t* bytes;          // [count, height, width, channels]
    const float* scale;      // [channels]: floats are pixel * scale + shift
    const float* shift;      // [channels]
    float* targets;          // [count, classes]; null for none
    int64_t* labels;         // [count], the likeliest class of the targets; null for none
    int32_t channels_last;
};

// An image as float planes of 0..255, with the room that operations work in.
struct Canvas {
    Size size;
    std::vector<float> planes, spare, bordered;
    std::vector<int> offsets;        // of sampling, 4 for each pixel of a row
    std::vector<float> coordinates;  // likewise, 6

    explicit Canvas(Size size);
    float* plane(int channel) { return planes.data() + channel * size.pixels(); }
};

// plan.cpp. Clears and fills `operations`; a mixing, if any, is the last one.
void plan(const Step* steps, int step_count, const Size& size, int64_t population, Random random, bool mixes, std::vector<Step>& operations);

// geometry.cpp
bool is_geometric(Kind kind);
void warp(Canvas& canvas, const Step* operations, int count);  // all in one sampling, where one is possible
void erase(Canvas& canvas, const Step& operation, const Random& random);

// colour.cpp
void adjust_brightness(Canvas& canvas, float factor);
void adjust_contrast(Canvas& canvas, float factor);
void adjust_saturation(Canvas& canvas, float factor);
void adjust_hue(Canvas& canvas, float shift);
void posterize(Canvas& canvas, int bits);
void solarize(Canvas& canvas, float threshold);
void auto_contrast(Canvas& canvas);
void equalize(Canvas& canvas);
void add_noise(Canvas& canvas, float deviation, const Random& random);

// filters.cpp
void adjust_sharpness(Canvas& canvas, float factor);
void gaussian_blur(Canvas& canvas, int kernel, double sigma);

// batch.cpp
void augment(const Batch& batch, const Step* steps, int step_count, const Output& output);
void plan_batch(const Batch& batch, const Step* steps, int step_count, Step* operations, int capacity, int* counts);

}  // namespace mni
