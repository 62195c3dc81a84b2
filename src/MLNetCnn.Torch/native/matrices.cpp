#include "matrices.h"

#ifdef MNC_HAS_ONEDNN
#include <dnnl.h>
#include <omp.h>
#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#endif

namespace mnc {

#ifdef MNC_HAS_ONEDNN

namespace {

// While oneDNN's kernels for float matrices run, the stack pointer is in a buffer on the heap (oneDNN 2.6), and a signal's frame goes
// below it, over whatever lies there: Ctrl-C, or Ctrl-Z and `fg`, ended in a corrupted heap. A thread that is in one handles no signal
// until it is done. Faults are left: blocked, they would end the process without a word.
class SignalsHeld {
public:
    SignalsHeld() {
        sigset_t held;
        sigfillset(&held);
        for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT}) sigdelset(&held, fault);
        pthread_sigmask(SIG_BLOCK, &held, &before_);
    }
    ~SignalsHeld() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    SignalsHeld(const SignalsHeld&) = delete;
    SignalsHeld& operator=(const SignalsHeld&) = delete;

private:
    sigset_t before_;
};

// oneDNN's own threads would not hold their signals: each of ours asks for its part alone.
class OneThread {
public:
    OneThread() : before_(omp_get_max_threads()) { omp_set_num_threads(1); }
    ~OneThread() { omp_set_num_threads(before_); }
    OneThread(const OneThread&) = delete;
    OneThread& operator=(const OneThread&) = delete;

private:
    const int before_;
};

// Where the element at a row and a column is.
const float* element(const Matrix& m, int64_t row, int64_t column) {
    return m.data + (m.transposed ? column * m.stride + row : row * m.stride + column);
}

// Rows and columns of the result.
struct Part {
    int64_t row, rows, column, columns;
};

dnnl_status_t multiply_part(const Matrix& a, const Matrix& b, float* sum, int64_t stride, bool add, const Part& part) {
    const SignalsHeld held;
    return dnnl_sgemm(a.transposed ? 'T' : 'N', b.transposed ? 'T' : 'N', part.rows, part.columns, a.columns, 1, element(a, part.row, 0), a.stride,
                      element(b, 0, part.column), b.stride, add ? 1 : 0, sum + part.row * stride + part.column, stride);
}

// Parts begin at whole vectors.
constexpr int64_t kVector = 16;

// The longer side of the result is shared out where a thread has enough to multiply to be worth waking.
int parts_of(const Matrix& a, const Matrix& b) {
    constexpr int64_t enough = 1 << 18;
    const int64_t worth = a.rows * b.columns * a.columns / enough, length = std::max(a.rows, b.columns) / kVector;
    return static_cast<int>(std::max<int64_t>(1, std::min({worth, length, int64_t{omp_get_max_threads()}})));
}

}  // namespace

#endif

// oneDNN knows wider vectors than OpenBLAS may have been told of, and is two to four times as fast on the few rows of a batch.
void multiply(const Matrix& a, const Matrix& b, float* sum, int64_t stride, bool add) {
#ifdef MNC_HAS_ONEDNN
    const int parts = omp_in_parallel() ? 1 : parts_of(a, b);
    const bool by_rows = a.rows > b.columns;
    const int64_t length = by_rows ? a.rows : b.columns, share = (length + parts * kVector - 1) / (parts * kVector) * kVector;
    std::atomic<int> status{dnnl_success};
#pragma omp parallel for num_threads(parts) schedule(static, 1)
    for (int i = 0; i < parts; i++) {
        const OneThread alone;
        const int64_t from = std::min(length, i * share), size = std::min(length, from + share) - from;
        if (size == 0) continue;
        const auto part = by_rows ? Part{from, size, 0, b.columns} : Part{0, a.rows, from, size};
        if (const auto result = multiply_part(a, b, sum, stride, add, part); result != dnnl_success) status = result;
    }
    TORCH_CHECK(status == dnnl_success, "oneDNN could not multiply matrices of [", a.rows, ", ", a.columns, "] and [", b.rows, ", ", b.columns, "]");
#else
    const auto view = [](const Matrix& m) {
        return at::from_blob(const_cast<float*>(m.data), {m.rows, m.columns}, m.transposed ? std::vector<int64_t>{1, m.stride} : std::vector<int64_t>{m.stride, 1});
    };
    auto result = at::from_blob(sum, {a.rows, b.columns}, {stride, 1});
    at::addmm_out(result, result, view(a), view(b), add ? 1 : 0, 1);
#endif
}

}  // namespace mnc
