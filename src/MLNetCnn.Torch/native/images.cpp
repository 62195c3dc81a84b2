// A batch of images out of a set of them, in one pass over memory.
#include "abi.h"

#include <ATen/Parallel.h>

using mnc::Handle;

namespace {

// Each channel's normalisation as one multiplication and one addition: (x / 255 - mean) / std.
struct Normalisation {
    std::vector<float> scale, shift;

    Normalisation(const at::Tensor& mean, const at::Tensor& std, int64_t channels) {
        auto means = mean.to(at::kCPU, at::kFloat).contiguous();
        auto deviations = std.to(at::kCPU, at::kFloat).contiguous();
        for (int64_t c = 0; c < channels; c++) {
            const double deviation = deviations.data_ptr<float>()[c];
            scale.push_back(static_cast<float>(1 / (255 * deviation)));
            shift.push_back(static_cast<float>(-means.data_ptr<float>()[c] / deviation));
        }
    }
};

void interleaved(const uint8_t* source, float* target, int64_t pixels, const Normalisation& by) {
    const auto channels = static_cast<int64_t>(by.scale.size());
    if (channels == 1) {
        const float scale = by.scale[0], shift = by.shift[0];
        for (int64_t p = 0; p < pixels; p++) target[p] = source[p] * scale + shift;
    } else if (channels == 3) {
        const float s0 = by.scale[0], s1 = by.scale[1], s2 = by.scale[2];
        const float t0 = by.shift[0], t1 = by.shift[1], t2 = by.shift[2];
        for (int64_t p = 0; p < pixels; p++, source += 3, target += 3) {
            target[0] = source[0] * s0 + t0;
            target[1] = source[1] * s1 + t1;
            target[2] = source[2] * s2 + t2;
        }
    } else {
        for (int64_t p = 0; p < pixels; p++) {
            for (int64_t c = 0; c < channels; c++) *target++ = *source++ * by.scale[c] + by.shift[c];
        }
    }
}

void planar(const uint8_t* source, float* target, int64_t pixels, const Normalisation& by) {
    const auto channels = static_cast<int64_t>(by.scale.size());
    for (int64_t c = 0; c < channels; c++) {
        const float scale = by.scale[c], shift = by.shift[c];
        float* plane = target + c * pixels;
        for (int64_t p = 0; p < pixels; p++) plane[p] = source[p * channels + c] * scale + shift;
    }
}

}  // namespace

MNC_API int mnc_image_batch(Handle images, Handle indices, Handle mean, Handle std, bool channels_last, Handle* result) {
    return mnc::returning(result, [&] {
        TORCH_CHECK(images->scalar_type() == at::kByte && images->dim() == 4 && images->is_contiguous() && images->device().is_cpu(),
                    "images have to be uint8 [N, H, W, C], contiguous, on the processor; they are ", images->scalar_type(), " ", images->sizes());
        TORCH_CHECK(indices->scalar_type() == at::kLong && indices->dim() == 1 && indices->device().is_cpu(),
                    "indices have to be int64 [B] on the processor; they are ", indices->scalar_type(), " ", indices->sizes());
        const auto count = images->size(0), height = images->size(1), width = images->size(2), channels = images->size(3);
        TORCH_CHECK(mean->numel() == channels && std->numel() == channels,
                    "mean and std have to be of ", channels, " channels as the images are; they are of ", mean->numel(), " and ", std->numel());
        const auto picks = indices->contiguous();
        const auto* pick = picks.data_ptr<int64_t>();
        const auto batch = picks.size(0);
        for (int64_t b = 0; b < batch; b++) {
            TORCH_CHECK(pick[b] >= 0 && pick[b] < count, "index ", pick[b], " is none of the ", count, " images");
        }

        const Normalisation by(*mean, *std, channels);
        const bool keep_order = channels_last || channels == 1;
        auto output = at::empty({batch, channels, height, width},
                                at::TensorOptions().dtype(at::kFloat).memory_format(channels_last ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous));
        const auto pixels = height * width;
        const auto size = pixels * channels;
        const auto* source = images->data_ptr<uint8_t>();
        auto* target = output.data_ptr<float>();
        at::parallel_for(0, batch, std::max<int64_t>(1, 32768 / std::max<int64_t>(1, size)), [&](int64_t begin, int64_t end) {
            for (auto b = begin; b < end; b++) {
                (keep_order ? interleaved : planar)(source + pick[b] * size, target + b * size, pixels, by);
            }
        });
        return output;
    });
}
