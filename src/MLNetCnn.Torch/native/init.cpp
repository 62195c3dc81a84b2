// Initial weights that plain random numbers don't give.
#include "abi.h"

#include <cmath>

// Normal numbers restricted to [low, high], by the inverse of the distribution function: no number is drawn twice.
MNC_API int mnc_trunc_normal_(mnc::Handle self, double mean, double std, double low, double high) {
    return mnc::guarded([&] {
        at::NoGradGuard no_grad;
        const auto distribution = [&](double x) { return 0.5 * (1 + std::erf((x - mean) / std / std::sqrt(2.0))); };
        self->uniform_(2 * distribution(low) - 1, 2 * distribution(high) - 1, mnc::generator(self->device()));
        self->erfinv_().mul_(std * std::sqrt(2.0)).add_(mean).clamp_(low, high);
    });
}

MNC_API int mnc_fill_(mnc::Handle self, double value) {
    return mnc::guarded([&] {
        at::NoGradGuard no_grad;
        self->fill_(value);
    });
}
