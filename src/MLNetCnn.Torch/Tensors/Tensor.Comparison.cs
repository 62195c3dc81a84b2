namespace MLNetCnn.Torch;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Where this equals <paramref name="other"/>: a bool tensor.</summary>
        public Tensor eq(Tensor other) => Owned(mnc_eq(this, other, out var result), result);

        /// <summary>Where this equals <paramref name="other"/>: a bool tensor.</summary>
        public Tensor eq(Scalar other) => Owned(mnc_eq_scalar(this, other, out var result), result);

        /// <summary>Where this differs from <paramref name="other"/>: a bool tensor.</summary>
        public Tensor ne(Tensor other) => Owned(mnc_ne(this, other, out var result), result);

        /// <summary>Where this differs from <paramref name="other"/>: a bool tensor.</summary>
        public Tensor ne(Scalar other) => Owned(mnc_ne_scalar(this, other, out var result), result);

        /// <summary>Where this is less than <paramref name="other"/>: a bool tensor.</summary>
        public Tensor lt(Tensor other) => Owned(mnc_lt(this, other, out var result), result);

        /// <summary>Where this is less than <paramref name="other"/>: a bool tensor.</summary>
        public Tensor lt(Scalar other) => Owned(mnc_lt_scalar(this, other, out var result), result);

        /// <summary>Where this is at most <paramref name="other"/>: a bool tensor.</summary>
        public Tensor le(Tensor other) => Owned(mnc_le(this, other, out var result), result);

        /// <summary>Where this is at most <paramref name="other"/>: a bool tensor.</summary>
        public Tensor le(Scalar other) => Owned(mnc_le_scalar(this, other, out var result), result);

        /// <summary>Where this is greater than <paramref name="other"/>: a bool tensor.</summary>
        public Tensor gt(Tensor other) => Owned(mnc_gt(this, other, out var result), result);

        /// <summary>Where this is greater than <paramref name="other"/>: a bool tensor.</summary>
        public Tensor gt(Scalar other) => Owned(mnc_gt_scalar(this, other, out var result), result);

        /// <summary>Where this is at least <paramref name="other"/>: a bool tensor.</summary>
        public Tensor ge(Tensor other) => Owned(mnc_ge(this, other, out var result), result);

        /// <summary>Where this is at least <paramref name="other"/>: a bool tensor.</summary>
        public Tensor ge(Scalar other) => Owned(mnc_ge_scalar(this, other, out var result), result);

        /// <summary>Where both are not zero: a bool tensor.</summary>
        public Tensor logical_and(Tensor other) => Owned(mnc_logical_and(this, other, out var result), result);

        /// <summary>Where one is not zero: a bool tensor.</summary>
        public Tensor logical_or(Tensor other) => Owned(mnc_logical_or(this, other, out var result), result);

        /// <summary>Where this is zero: a bool tensor.</summary>
        public Tensor logical_not() => Owned(mnc_logical_not(this, out var result), result);

        /// <summary>Where this is not a number: a bool tensor.</summary>
        public Tensor isnan() => Owned(mnc_isnan(this, out var result), result);

        /// <summary>Where this is neither infinite nor not a number: a bool tensor.</summary>
        public Tensor isfinite() => Owned(mnc_isfinite(this, out var result), result);

        /// <summary>Whether shape and every element are the same.</summary>
        public bool equal(Tensor other)
        {
            Check(mnc_equal(this, other, out var result));
            return result;
        }

        /// <summary>Whether every element differs by at most <paramref name="atol"/> + <paramref name="rtol"/> × |<paramref name="other"/>|.</summary>
        public bool allclose(Tensor other, double rtol = 1e-5, double atol = 1e-8, bool equal_nan = false)
        {
            Check(mnc_allclose(this, other, rtol, atol, equal_nan, out var result));
            return result;
        }

        /// <summary><paramref name="value"/> where <paramref name="mask"/> (bool) is true, this elsewhere.</summary>
        public Tensor masked_fill(Tensor mask, Scalar value) => Owned(mnc_masked_fill(this, mask, value, out var result), result);

        /// <summary><paramref name="value"/> where <paramref name="mask"/> (bool) is true, in place.</summary>
        /// <returns>This tensor.</returns>
        public Tensor masked_fill_(Tensor mask, Scalar value) => Done(mnc_masked_fill_(this, mask, value));
    }

    /// <summary><paramref name="x"/> where <paramref name="condition"/> (bool) is true, <paramref name="y"/> elsewhere.</summary>
    public static Tensor where(Tensor condition, Tensor x, Tensor y) => Owned(mnc_where(condition, x, y, out var result), result);
}
