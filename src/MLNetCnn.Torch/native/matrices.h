// Products of float matrices where they lie.
#pragma once

#include "abi.h"

namespace mnc {

// [rows, columns], row after row in memory with `stride` floats from one to the next; transposed, column after column.
struct Matrix {
    const float* data;
    int64_t rows, columns, stride;
    bool transposed = false;
};

// Adds a·b to the matrix at `sum`, whose rows are `stride` floats apart; or puts it there.
void multiply(const Matrix& a, const Matrix& b, float* sum, int64_t stride, bool add);

}  // namespace mnc
