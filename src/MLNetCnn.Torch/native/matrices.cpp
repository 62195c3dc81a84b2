#include "matrices.h"

#ifdef MNC_HAS_ONEDNN
#include <dnnl.h>
#endif

namespace mnc {

// oneDNN knows wider vectors than OpenBLAS may have been told of, and is two to four times as fast on the few rows of a batch.
void multiply(const Matrix& a, const Matrix& b, float* sum, int64_t stride, bool add) {
#ifdef MNC_HAS_ONEDNN
    const auto status = dnnl_sgemm(a.transposed ? 'T' : 'N', b.transposed ? 'T' : 'N', a.rows, b.columns, a.columns, 1, a.data, a.stride,
                                   b.data, b.stride, add ? 1 : 0, sum, stride);
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
