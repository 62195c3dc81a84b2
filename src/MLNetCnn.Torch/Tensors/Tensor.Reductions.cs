namespace MLNetCnn.Torch;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The sum of all elements.</summary>
        public Tensor sum() => sum([]);

        /// <summary>The sum along <paramref name="dim"/>; none means all.</summary>
        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) =>
            Owned(mnc_sum(this, dim, dim.Length, keepdim, (int?)type ?? -1, out var result), result);

        /// <summary>The sum along <paramref name="dim"/>.</summary>
        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => sum([dim], keepdim, type);

        /// <summary>The mean of all elements.</summary>
        public Tensor mean() => mean([]);

        /// <summary>The mean along <paramref name="dim"/>; none means all. Integers need a <paramref name="type"/>.</summary>
        public Tensor mean(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) =>
            Owned(mnc_mean(this, dim, dim.Length, keepdim, (int?)type ?? -1, out var result), result);

        /// <summary>The variance of all elements, by n - 1 if <paramref name="unbiased"/>.</summary>
        public Tensor var(bool unbiased = true) => var([], unbiased);

        /// <summary>The variance along <paramref name="dim"/>; none means all.</summary>
        public Tensor var(ReadOnlySpan<long> dim, bool unbiased = true, bool keepdim = false) =>
            Owned(mnc_var(this, dim, dim.Length, unbiased, keepdim, out var result), result);

        /// <summary>The standard deviation of all elements, by n - 1 if <paramref name="unbiased"/>.</summary>
        public Tensor std(bool unbiased = true) => std([], unbiased);

        /// <summary>The standard deviation along <paramref name="dim"/>; none means all.</summary>
        public Tensor std(ReadOnlySpan<long> dim, bool unbiased = true, bool keepdim = false) =>
            Owned(mnc_std(this, dim, dim.Length, unbiased, keepdim, out var result), result);

        /// <summary>The <paramref name="p"/>-norm of all elements.</summary>
        public Tensor norm(double p = 2) => norm([], false, p);

        /// <summary>The <paramref name="p"/>-norm along <paramref name="dim"/>; none means all.</summary>
        public Tensor norm(ReadOnlySpan<long> dim, bool keepdim = false, double p = 2) =>
            Owned(mnc_norm(this, dim, dim.Length, keepdim, p, out var result), result);

        /// <summary>log(sum(exp(x))) along <paramref name="dim"/>, without overflow.</summary>
        public Tensor logsumexp(long dim, bool keepdim = false) => Owned(mnc_logsumexp(this, dim, keepdim, out var result), result);

        /// <summary>The running sum along <paramref name="dim"/>.</summary>
        public Tensor cumsum(long dim) => Owned(mnc_cumsum(this, dim, out var result), result);

        /// <summary>The largest element.</summary>
        public Tensor max() => Owned(mnc_max(this, out var result), result);

        /// <summary>The smallest element.</summary>
        public Tensor min() => Owned(mnc_min(this, out var result), result);

        /// <summary>Whether any element is not zero, as a bool tensor.</summary>
        public Tensor any() => Owned(mnc_any(this, out var result), result);

        /// <summary>Whether no element is zero, as a bool tensor.</summary>
        public Tensor all() => Owned(mnc_all(this, out var result), result);

        /// <summary>The largest along <paramref name="dim"/>, and where it is (int64).</summary>
        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) =>
            Pair(mnc_max_dim(this, dim, keepdim, out var values, out var indexes), values, indexes);

        /// <summary>The smallest along <paramref name="dim"/>, and where it is (int64).</summary>
        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) =>
            Pair(mnc_min_dim(this, dim, keepdim, out var values, out var indexes), values, indexes);

        /// <summary>The <paramref name="k"/> largest (or smallest) along <paramref name="dim"/>, and where they are (int64).</summary>
        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true) =>
            Pair(mnc_topk(this, k, dim, largest, sorted, out var values, out var indexes), values, indexes);

        /// <summary>Sorted along <paramref name="dim"/>, equal ones in their order, and where each was (int64).</summary>
        public (Tensor values, Tensor indexes) sort(long dim = -1, bool descending = false) =>
            Pair(mnc_sort(this, dim, descending, out var values, out var indexes), values, indexes);

        /// <summary>The position of the largest, counted over all dimensions, int64.</summary>
        public Tensor argmax() => Owned(mnc_argmax(this, [], false, out var result), result);

        /// <summary>The position of the largest along <paramref name="dim"/>, int64.</summary>
        public Tensor argmax(long dim, bool keepdim = false) => Owned(mnc_argmax(this, [dim], keepdim, out var result), result);

        /// <summary>The position of the smallest, counted over all dimensions, int64.</summary>
        public Tensor argmin() => Owned(mnc_argmin(this, [], false, out var result), result);

        /// <summary>The position of the smallest along <paramref name="dim"/>, int64.</summary>
        public Tensor argmin(long dim, bool keepdim = false) => Owned(mnc_argmin(this, [dim], keepdim, out var result), result);

        private static (Tensor Values, Tensor Indexes) Pair(int status, nint values, nint indexes) =>
            (Owned(status, values), new Tensor(indexes));
    }
}
