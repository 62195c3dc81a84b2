#include "augment.h"

#include <exception>
#include <optional>

namespace mni {
namespace {

// Streams of a place's random numbers: its own plan, its partner's, and one for each operation that draws per pixel.
enum Stream : uint64_t { kOwn = 0, kPartner = 1, kPixels = 1024 };

// Below this many pixels, waking other threads costs more than they do.
constexpr int64_t kGrain = 32768;

void load(const uint8_t* source, Canvas& canvas) {
    const auto pixels = canvas.size.pixels();
    const int channels = canvas.size.channels;
    for (int c = 0; c < channels; c++) {
        float* plane = canvas.plane(c);
        for (int64_t p = 0; p < pixels; p++) plane[p] = source[p * channels + c];
    }
}

void store(Canvas& canvas, const Output& output, int64_t index) {
    const auto pixels = canvas.size.pixels();
    const int channels = canvas.size.channels;
    const auto start = index * canvas.size.bytes();
    for (int c = 0; c < channels; c++) {
        const float* plane = canvas.plane(c);
        if (output.bytes != nullptr) {
            for (int64_t p = 0; p < pixels; p++) {
                output.bytes[start + p * channels + c] = static_cast<uint8_t>(std::nearbyint(std::min(std::max(plane[p], 0.0f), 255.0f)));
            }
            continue;
        }
        const float scale = output.scale[c], shift = output.shift[c];
        if (output.channels_last != 0) {
            float* target = output.floats + start + c;
            for (int64_t p = 0; p < pixels; p++) target[p * channels] = plane[p] * scale + shift;
        } else {
            float* target = output.floats + start + c * pixels;
            for (int64_t p = 0; p < pixels; p++) target[p] = plane[p] * scale + shift;
        }
    }
}

void apply(Canvas& canvas, const std::vector<Step>& operations, uint64_t seed, uint64_t place, uint64_t stream) {
    const int count = static_cast<int>(operations.size());
    for (int i = 0; i < count; i++) {
        const auto& operation = operations[i];
        const auto* v = operation.values;
        const auto first = static_cast<float>(v[0]);
        const Random pixels(seed, place, kPixels * (stream + 1) + static_cast<uint64_t>(i));
        switch (operation.kind) {
            case Kind::kBrightness: adjust_brightness(canvas, first); break;
            case Kind::kContrast: adjust_contrast(canvas, first); break;
            case Kind::kSaturation: adjust_saturation(canvas, first); break;
            case Kind::kHue: adjust_hue(canvas, first); break;
            case Kind::kSharpness: adjust_sharpness(canvas, first); break;
            case Kind::kPosterize: posterize(canvas, static_cast<int>(v[0])); break;
            case Kind::kSolarize: solarize(canvas, first); break;
            case Kind::kAutoContrast: auto_contrast(canvas); break;
            case Kind::kEqualize: equalize(canvas); break;
            case Kind::kGaussianNoise: add_noise(canvas, first, pixels); break;
            case Kind::kGaussianBlur: gaussian_blur(canvas, static_cast<int>(v[0]), v[1]); break;
            case Kind::kErasing: erase(canvas, operation, pixels); break;
            default: {
                int end = i;
                while (end < count && is_geometric(operations[end].kind)) end++;
                if (end > i) {
                    warp(canvas, &operations[i], end - i);
                    i = end - 1;
                }
            }
        }
    }
}

// MixUp blends the whole images; CutMix pastes a box of the partner.
void blend(Canvas& own, Canvas& partner, const Step& operation) {
    const auto* v = operation.values;
    if (operation.kind == Kind::kMixUp) {
        const auto share = static_cast<float>(v[1]);
        for (size_t i = 0; i < own.planes.size(); i++) own.planes[i] = share * own.planes[i] + (1 - share) * partner.planes[i];
        return;
    }
    const int top = static_cast<int>(v[2]), left = static_cast<int>(v[3]), height = static_cast<int>(v[4]), width = static_cast<int>(v[5]);
    for (int c = 0; c < own.size.channels; c++) {
        for (int y = top; y < top + height; y++) {
            const auto from = static_cast<int64_t>(y) * own.size.width + left;
            std::copy(partner.plane(c) + from, partner.plane(c) + from + width, own.plane(c) + from);
        }
    }
}

class Worker {
public:
    Worker(const Batch& batch, const Step* steps, int step_count, const Output& output)
        : batch_(batch), steps_(steps), step_count_(step_count), output_(output), own_(batch.size), partner_(batch.size) {}

    void run(int64_t index) {
        const auto place = batch_.places[index] % batch_.population;
        load(batch_.images + batch_.rows[place] * batch_.size.bytes(), own_);
        int64_t partner = place;
        double share = 1;
        if (batch_.places[index] < batch_.population) {
            draw(place, kOwn, true);
            apply(own_, operations_, batch_.seed, place, kOwn);
            if (!operations_.empty() && (operations_.back().kind == Kind::kMixUp || operations_.back().kind == Kind::kCutMix)) {
                const auto mixing = operations_.back();
                partner = static_cast<int64_t>(mixing.values[0]);
                share = mixing.values[1];
                load(batch_.images + batch_.rows[partner] * batch_.size.bytes(), partner_);
                draw(place, kPartner, false);
                apply(partner_, operations_, batch_.seed, place, kPartner);
                blend(own_, partner_, mixing);
            }
        }
        label(index, place, partner, static_cast<float>(share));
        store(own_, output_, index);
    }

private:
    void draw(int64_t place, uint64_t stream, bool mixes) {
        plan(steps_, step_count_, batch_.size, batch_.population, Random(batch_.seed, place, stream), mixes, operations_);
    }

    void label(int64_t index, int64_t place, int64_t partner, float share) {
        if (output_.labels != nullptr) output_.labels[index] = batch_.labels[share >= 0.5f ? place : partner];
        if (output_.targets == nullptr) return;
        float* row = output_.targets + index * batch_.classes;
        std::fill(row, row + batch_.classes, 0.0f);
        row[batch_.labels[place]] += share;
        row[batch_.labels[partner]] += 1 - share;
    }

    const Batch& batch_;
    const Step* steps_;
    int step_count_;
    const Output& output_;
    Canvas own_, partner_;
    std::vector<Step> operations_;
};

}  // namespace

Canvas::Canvas(Size size)
    : size(size), planes(size.bytes()), spare(size.bytes()), offsets(4 * static_cast<size_t>(size.width)), coordinates(6 * static_cast<size_t>(size.width)) {}

// Libtorch's threads, through OpenMP: one pool for both, and a caller that holds its own operations to one thread holds this.
void augment(const Batch& batch, const Step* steps, int step_count, const Output& output) {
    const bool alone = batch.count == 1 || batch.count * batch.size.pixels() < kGrain;
    // An exception that left a thread of OpenMP's would end the process: the first is kept for the caller.
    std::exception_ptr failure;
    #pragma omp parallel if (!alone)
    {
        std::optional<Worker> worker;
        #pragma omp for schedule(dynamic)
        for (int64_t i = 0; i < batch.count; i++) {
            try {
                if (!worker) worker.emplace(batch, steps, step_count, output);
                worker->run(i);
            } catch (...) {
                #pragma omp critical(mni_augment)
                if (!failure) failure = std::current_exception();
            }
        }
    }
    if (failure) std::rethrow_exception(failure);
}

void plan_batch(const Batch& batch, const Step* steps, int step_count, Step* operations, int capacity, int* counts) {
    std::vector<Step> drawn;
    for (int64_t i = 0; i < batch.count; i++) {
        counts[i] = 0;
        if (batch.places[i] >= batch.population) continue;
        plan(steps, step_count, batch.size, batch.population, Random(batch.seed, batch.places[i], kOwn), true, drawn);
        counts[i] = std::min(static_cast<int>(drawn.size()), capacity);
        std::copy(drawn.begin(), drawn.begin() + counts[i], operations + i * capacity);
    }
}

}  // namespace mni
