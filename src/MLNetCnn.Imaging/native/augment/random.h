// Random numbers that are a function of where they are used, not of when: the n-th number of a stream is SplitMix64's mixing
// function (Steele, Lea and Flood 2014) of key + n, and the key is made of seed, place and stream. Threads and the cutting of
// batches therefore change nothing.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace mni {

inline constexpr uint64_t kGolden = 0x9E3779B97F4A7C15;

inline uint64_t mix64(uint64_t value) {
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
    return value ^ (value >> 31);
}

class Random {
public:
    Random(uint64_t seed, uint64_t place, uint64_t stream) : key_(mix64(mix64(mix64(seed + kGolden) + place) + stream)) {}

    uint64_t key() const { return key_; }
    uint64_t bits() { return mix64(key_ + ++used_ * kGolden); }

    // In [0, 1).
    double uniform() { return static_cast<double>(bits() >> 11) * 0x1p-53; }
    double uniform(double low, double high) { return low + (high - low) * uniform(); }
    bool chance(double probability) { return uniform() < probability; }

    // In [0, bound).
    int64_t below(int64_t bound) {
        return static_cast<int64_t>((static_cast<unsigned __int128>(bits()) * static_cast<uint64_t>(bound)) >> 64);
    }

    // Beta(alpha, alpha), as the share of one of two Gamma(alpha) variates; by their logarithms, since a small alpha makes both 0.
    double beta(double alpha) {
        const double first = log_gamma_variate(alpha), second = log_gamma_variate(alpha);
        return 1 / (1 + std::exp(second - first));
    }

private:
    double open_uniform() { return 1 - uniform(); }

    double normal() { return std::sqrt(-2 * std::log(open_uniform())) * std::cos(2 * M_PI * uniform()); }

    // Marsaglia and Tsang (2000) for alpha + 1, brought down to alpha.
    double log_gamma_variate(double alpha) {
        const double d = alpha + 1 - 1.0 / 3, c = 1 / std::sqrt(9 * d);
        while (true) {
            const double x = normal(), v = std::pow(1 + c * x, 3);
            if (v > 0 && std::log(open_uniform()) < 0.5 * x * x + d - d * v + d * std::log(v)) {
                return std::log(d * v) + std::log(open_uniform()) / alpha;
            }
        }
    }

    uint64_t key_;
    uint64_t used_ = 0;
};

}  // namespace mni
