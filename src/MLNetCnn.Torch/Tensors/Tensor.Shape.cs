namespace MLNetCnn.Torch;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The slice at <paramref name="index"/> of the first dimension (a view).</summary>
        public Tensor this[long index] => select(0, index);

        /// <summary>The rows at the positions of an int64 tensor, or where a bool tensor is true (a copy).</summary>
        public Tensor this[Tensor index] => Owned(mnc_index(this, index, out var result), result);

        /// <summary>The same memory in another shape; -1 stands for what is left.</summary>
        /// <exception cref="TorchException">The strides don't allow it; use <see cref="reshape"/>.</exception>
        public Tensor view(params ReadOnlySpan<long> shape) => Owned(mnc_view(this, shape, shape.Length, out var result), result);

        /// <summary>Another shape, a view where possible; -1 stands for what is left.</summary>
        public Tensor reshape(params ReadOnlySpan<long> shape) => Owned(mnc_reshape(this, shape, shape.Length, out var result), result);

        /// <summary>The dimensions from <paramref name="start_dim"/> to <paramref name="end_dim"/> as one.</summary>
        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Owned(mnc_flatten(this, start_dim, end_dim, out var result), result);

        /// <summary>The dimensions in another order (a view).</summary>
        public Tensor permute(params ReadOnlySpan<long> permutation) => Owned(mnc_permute(this, permutation, permutation.Length, out var result), result);

        /// <summary>Two dimensions exchanged (a view).</summary>
        public Tensor transpose(long dim0, long dim1) => Owned(mnc_transpose(this, dim0, dim1, out var result), result);

        /// <summary>The transpose of a matrix (a view).</summary>
        public Tensor t() => transpose(0, 1);

        /// <summary>A dimension of length 1 put in at <paramref name="dim"/> (a view).</summary>
        public Tensor unsqueeze(long dim) => Owned(mnc_unsqueeze(this, dim, out var result), result);

        /// <summary>Dimension <paramref name="dim"/> left out if its length is 1, or every such dimension (a view).</summary>
        public Tensor squeeze(long? dim = null) => dim is { } one
            ? Owned(mnc_squeeze_dim(this, one, out var result), result)
            : Owned(mnc_squeeze(this, out result), result);

        /// <summary>Dimensions of length 1 repeated to <paramref name="sizes"/> without a copy; -1 keeps a length.</summary>
        public Tensor expand(params ReadOnlySpan<long> sizes) => Owned(mnc_expand(this, sizes, sizes.Length, out var result), result);

        /// <summary>Copies side by side, <paramref name="sizes"/> times per dimension.</summary>
        public Tensor repeat(params ReadOnlySpan<long> sizes) => Owned(mnc_repeat(this, sizes, sizes.Length, out var result), result);

        /// <summary>The order reversed along <paramref name="dims"/>: mirror images.</summary>
        public Tensor flip(params ReadOnlySpan<long> dims) => Owned(mnc_flip(this, dims, dims.Length, out var result), result);

        /// <summary>The slice at <paramref name="index"/> of dimension <paramref name="dim"/> (a view).</summary>
        public Tensor select(long dim, long index) => Owned(mnc_select(this, dim, index, out var result), result);

        /// <summary>Every <paramref name="step"/>th from <paramref name="start"/> to before <paramref name="finish"/> of a dimension (a view).</summary>
        public Tensor slice(long dim, long start, long finish, long step = 1) => Owned(mnc_slice(this, dim, start, finish, step, out var result), result);

        /// <summary><paramref name="length"/> from <paramref name="start"/> of a dimension (a view).</summary>
        public Tensor narrow(long dim, long start, long length) => Owned(mnc_narrow(this, dim, start, length, out var result), result);

        /// <summary>The parts of <paramref name="split_size"/> along <paramref name="dim"/>, the last perhaps shorter (views).</summary>
        public Tensor[] split(long split_size, long dim = 0)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(split_size);
            var length = size(dim);
            var parts = new Tensor[(length + split_size - 1) / split_size];
            for (var i = 0; i < parts.Length; i++)
            {
                parts[i] = narrow(dim, i * split_size, Math.Min(split_size, length - (i * split_size)));
            }

            return parts;
        }

        /// <summary>At most <paramref name="chunks"/> parts of equal size along <paramref name="dim"/> (views).</summary>
        public Tensor[] chunk(long chunks, long dim = 0)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(chunks);
            return split(Math.Max(1, (size(dim) + chunks - 1) / chunks), dim);
        }

        /// <summary>The slices of dimension <paramref name="dim"/> at the positions of <paramref name="index"/> (int64).</summary>
        public Tensor index_select(long dim, Tensor index) => Owned(mnc_index_select(this, dim, index, out var result), result);

        /// <summary>One element per position of <paramref name="index"/> (int64) along <paramref name="dim"/>.</summary>
        public Tensor gather(long dim, Tensor index) => Owned(mnc_gather(this, dim, index, out var result), result);

        /// <summary>The positions of what is not zero, <c>[n, dimensions]</c>, int64.</summary>
        public Tensor nonzero() => Owned(mnc_nonzero(this, out var result), result);
    }

    /// <summary>The tensors one after another along <paramref name="dim"/>.</summary>
    public static Tensor cat(IReadOnlyList<Tensor> tensors, long dim = 0)
    {
        var status = mnc_cat(Handles(tensors), tensors.Count, dim, out var result);
        GC.KeepAlive(tensors);
        return Owned(status, result);
    }

    /// <summary>The tensors side by side along a new dimension <paramref name="dim"/>.</summary>
    public static Tensor stack(IReadOnlyList<Tensor> tensors, long dim = 0)
    {
        var status = mnc_stack(Handles(tensors), tensors.Count, dim, out var result);
        GC.KeepAlive(tensors);
        return Owned(status, result);
    }
}
