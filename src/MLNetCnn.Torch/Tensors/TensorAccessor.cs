namespace MLNetCnn.Torch;

/// <summary>The elements of a contiguous tensor in place, row-major: theirs as long as the tensor is neither disposed nor out of reach.</summary>
/// <typeparam name="T">The CLR type of the elements.</typeparam>
public readonly struct TensorAccessor<T>
    where T : unmanaged
{
    private readonly torch.Tensor _tensor;
    private readonly nint _pointer;

    internal TensorAccessor(torch.Tensor tensor, nint pointer, int count)
    {
        _tensor = tensor;
        _pointer = pointer;
        Count = count;
    }

    /// <summary>The number of elements.</summary>
    public int Count { get; }

    /// <summary>The element at <paramref name="index"/>, counted over all dimensions.</summary>
    /// <exception cref="IndexOutOfRangeException">There is no such element.</exception>
    public T this[int index]
    {
        get
        {
            var value = AsSpan()[index];
            GC.KeepAlive(_tensor);
            return value;
        }

        set
        {
            AsSpan()[index] = value;
            GC.KeepAlive(_tensor);
        }
    }

    /// <summary>The memory of the tensor itself; valid while the tensor is not disposed, and held on to by its user.</summary>
    public unsafe Span<T> AsSpan()
    {
        ObjectDisposedException.ThrowIf(_tensor.IsInvalid, _tensor);
        return new Span<T>((void*)_pointer, Count);
    }

    /// <summary>A copy of the elements.</summary>
    public T[] ToArray()
    {
        var copy = AsSpan().ToArray();
        GC.KeepAlive(_tensor);
        return copy;
    }

    /// <summary>Overwrites the elements with <paramref name="values"/>.</summary>
    /// <exception cref="ArgumentException">There are more values than elements.</exception>
    public void CopyFrom(ReadOnlySpan<T> values)
    {
        values.CopyTo(AsSpan());
        GC.KeepAlive(_tensor);
    }
}
