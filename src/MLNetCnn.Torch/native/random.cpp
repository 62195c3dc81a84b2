// Randomness: generators of its own for a thread that asks for them, so that replicas and trials side by side draw the same numbers
// whatever their interleaving; libtorch's default ones for everybody else.
#include "bernoulli.h"

#include <ATen/CPUGeneratorImpl.h>

using mnc::Handle;

namespace {

struct ThreadGenerators {
    uint64_t seed;
    at::Generator processor;
    // Of the GPU that the thread works on, from when it draws there first.
    c10::optional<at::Generator> gpu;
};

thread_local c10::optional<ThreadGenerators> own;

}  // namespace

namespace mnc {

c10::optional<at::Generator> generator(const at::Device& device) {
    if (!own) return c10::nullopt;
    if (device.is_cpu()) return own->processor;
    if (!own->gpu || own->gpu->device() != device) {
        own->gpu = at::globalContext().defaultGenerator(device).clone();
        own->gpu->set_current_seed(own->seed);
    }
    return own->gpu;
}

}  // namespace mnc

MNC_API int mnc_manual_seed(uint64_t seed) {
    return mnc::guarded([&] {
        own.reset();
        torch::manual_seed(seed);
    });
}

MNC_API int mnc_set_thread_generator(uint64_t seed) {
    return mnc::guarded([&] { own = ThreadGenerators{seed, at::make_generator<at::CPUGeneratorImpl>(seed), c10::nullopt}; });
}

MNC_API int mnc_clear_thread_generator() {
    return mnc::guarded([&] { own.reset(); });
}

MNC_API int mnc_normal_(Handle self, double mean, double std) {
    return mnc::guarded([&] {
        torch::NoGradGuard no_grad;
        self->normal_(mean, std, mnc::generator(self->device()));
    });
}

MNC_API int mnc_uniform_(Handle self, double low, double high) {
    return mnc::guarded([&] {
        torch::NoGradGuard no_grad;
        self->uniform_(low, high, mnc::generator(self->device()));
    });
}

MNC_API int mnc_bernoulli_(Handle self, double probability) {
    return mnc::guarded([&] {
        torch::NoGradGuard no_grad;
        self->bernoulli_(probability, mnc::generator(self->device()));
    });
}

// A fresh mask times the input, drawn from the thread's generator: at::dropout knows only the default one. `feature` drops
// whole channels. The same numbers as PyTorch's for the same seed.
MNC_API int mnc_dropout(Handle input, double probability, bool training, bool feature, bool inplace, Handle* result) {
    return mnc::returning(result, [&] {
        TORCH_CHECK(probability >= 0 && probability <= 1, "dropout's probability is ", probability, ": it has to be from 0 to 1");
        if (!training || probability == 0) return *input;
        at::Tensor mask;
        {
            torch::NoGradGuard no_grad;
            if (feature) {
                TORCH_CHECK(input->dim() >= 2, "dropping channels needs an input of at least 2 dimensions, not ", input->dim());
                std::vector<int64_t> shape(static_cast<size_t>(input->dim()), 1);
                shape[0] = input->size(0);
                shape[1] = input->size(1);
                mask = at::empty(shape, input->options());
            } else {
                mask = at::empty_like(*input);
            }
            const auto keep = 1 - probability;
            if (probability == 1) {
                mask.zero_();
            } else if (mnc::takes_bernoulli(mask)) {
                mnc::fill_bernoulli(mask, keep, 1.0f / static_cast<float>(keep), mnc::generator(input->device()));
            } else {
                mask.bernoulli_(keep, mnc::generator(input->device())).div_(keep);
            }
        }
        return inplace ? input->mul_(mask) : input->mul(mask);
    });
}
