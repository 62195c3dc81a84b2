#include "bernoulli.h"
#include "wide.h"

#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>

namespace mnc {

namespace {

// MT19937 (Matsumoto and Nishimura 1998): its words, and how far apart the two are that make a new one.
constexpr int kWords = 624, kApart = 397;

// A uniform number is made of so many bits of two words.
constexpr int kUniformBits = 53;

uint32_t renewed(uint32_t word, uint32_t next, uint32_t apart) {
    const uint32_t mixed = (word & 0x80000000u) | (next & 0x7fffffffu);
    return apart ^ (mixed >> 1) ^ (next & 1u ? 0x9908b0dfu : 0u);
}

MNC_WIDE void renew(uint32_t* words) {
    for (int i = 0; i < kWords - kApart; ++i) words[i] = renewed(words[i], words[i + 1], words[i + kApart]);
    for (int i = kWords - kApart; i < kWords - 1; ++i) words[i] = renewed(words[i], words[i + 1], words[i + kApart - kWords]);
    words[kWords - 1] = renewed(words[kWords - 1], words[0], words[kApart - 1]);
}

MNC_WIDE void temper(const uint32_t* words, uint32_t* numbers, int count) {
    for (int i = 0; i < count; ++i) {
        uint32_t x = words[i];
        x ^= x >> 11;
        x ^= (x << 7) & 0x9d2c5680u;
        x ^= (x << 15) & 0xefc60000u;
        numbers[i] = x ^ (x >> 18);
    }
}

// The numbers come in pairs, the upper half first.
MNC_WIDE void choose(const uint32_t* numbers, int64_t below, float value, float* mask, int count) {
    constexpr int64_t kMask = (int64_t{1} << kUniformBits) - 1;
    for (int i = 0; i < count; ++i) {
        const int64_t uniform = ((int64_t{numbers[2 * i]} << 32) | numbers[2 * i + 1]) & kMask;
        mask[i] = uniform < below ? value : 0.0f;
    }
}

void draw(at::mt19937_data_pod& state, uint32_t* numbers, int count) {
    while (count > 0) {
        // It counts the words that are left, and one more.
        if (state.left_ == 1) {
            renew(state.state_.data());
            state.left_ = kWords + 1;
            state.next_ = 0;
        }
        const int some = std::min(count, state.left_ - 1);
        temper(state.state_.data() + state.next_, numbers, some);
        state.next_ += some;
        state.left_ -= some;
        numbers += some;
        count -= some;
    }
}

}  // namespace

bool takes_bernoulli(const at::Tensor& mask) {
    return mask.device().is_cpu() && mask.scalar_type() == at::kFloat && mask.layout() == at::kStrided && mask.is_contiguous();
}

void fill_bernoulli(at::Tensor& mask, double probability, float value, const c10::optional<at::Generator>& generator) {
    auto* own = at::get_generator_or_default<at::CPUGeneratorImpl>(generator, at::detail::getDefaultCPUGenerator());
    const std::lock_guard<std::mutex> lock(own->mutex_);
    auto engine = own->engine();
    auto state = engine.data();
    const auto below = static_cast<int64_t>(std::ceil(std::ldexp(probability, kUniformBits)));
    constexpr int kChunk = 4096;
    std::array<uint32_t, 2 * kChunk> numbers;
    auto* to = mask.data_ptr<float>();
    for (int64_t left = mask.numel(); left > 0;) {
        const int count = static_cast<int>(std::min<int64_t>(kChunk, left));
        draw(state, numbers.data(), 2 * count);
        choose(numbers.data(), below, value, to, count);
        to += count;
        left -= count;
    }
    engine.set_data(state);
    own->set_engine(engine);
}

}  // namespace mnc
