// Replicas of a network that share its weights and own their gradients.
#include "abi.h"

// Gives each of the replica's parameters the network's memory.
MNC_API int mnc_share_parameters(mnc::Handle* replica, mnc::Handle* network, int64_t count) {
    return mnc::guarded([&] {
        for (int64_t i = 0; i < count; i++) replica[i]->set_data(network[i]->detach());
    });
}

// Adds each replica's gradient to the network's, in order, and drops it. Plain loops: a small network's gradients are summed in less
// time than libtorch needs to set up one operation.
MNC_API int mnc_take_gradients(mnc::Handle* network, mnc::Handle* replica, int64_t count) {
    return mnc::guarded([&] {
        at::NoGradGuard no_grad;
        for (int64_t i = 0; i < count; i++) {
            auto& source = replica[i]->mutable_grad();
            if (!source.defined()) continue;
            auto& target = network[i]->mutable_grad();
            if (!target.defined()) {
                target = std::move(source);
            } else if (target.is_contiguous() && source.is_contiguous() && target.scalar_type() == at::kFloat && source.scalar_type() == at::kFloat
                       && target.device().is_cpu() && source.device().is_cpu()) {
                float* __restrict sum = target.data_ptr<float>();
                const float* __restrict part = source.data_ptr<float>();
                for (int64_t j = 0; j < target.numel(); j++) sum[j] += part[j];
            } else {
                target.add_(source);
            }
            source.reset();
        }
    });
}
