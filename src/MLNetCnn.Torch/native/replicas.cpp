// Replicas of a network that share its weights and own their gradients.
#include "abi.h"

// Adds each replica's gradient to the network's, in order, and clears it.
MNC_API int mnc_take_gradients(mnc::Handle* to, mnc::Handle* from, int64_t count) {
    return mnc::guarded([&] {
        at::NoGradGuard no_grad;
        for (int64_t i = 0; i < count; i++) {
            auto& source = from[i]->mutable_grad();
            if (!source.defined()) continue;
            auto& target = to[i]->mutable_grad();
            if (target.defined()) {
                target.add_(source);
            } else {
                target = source.clone();
            }
            source.zero_();
        }
    });
}
