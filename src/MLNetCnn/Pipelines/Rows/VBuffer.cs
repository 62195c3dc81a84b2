namespace MLNetCnn.Pipelines;

/// <summary>
/// The value of a vector column: dense (every item stored) or sparse (items that are not stored are <c>default</c>). Immutable;
/// <see cref="VBufferEditor"/> reuses its arrays for the next value.
/// </summary>
public readonly struct VBuffer<T>
{
    private readonly T[]? _values;
    private readonly int[]? _indices;
    private readonly int _count;

    /// <summary>Creates a dense vector.</summary>
    /// <param name="length">The number of items.</param>
    /// <param name="values">At least <paramref name="length"/> items; belongs to the vector from now on.</param>
    /// <param name="indices">An array to keep for later reuse.</param>
    public VBuffer(int length, T[]? values, int[]? indices = null)
        : this(length, length, values, indices)
    {
    }

    /// <summary>Creates a vector of which <paramref name="count"/> items are stored; dense where that is all of them.</summary>
    /// <param name="length">The number of items.</param>
    /// <param name="count">The number of stored ones, 0 to <paramref name="length"/>.</param>
    /// <param name="values">At least <paramref name="count"/> items; belongs to the vector from now on.</param>
    /// <param name="indices">The places of the stored items, ascending, where the vector is sparse.</param>
    /// <exception cref="ArgumentException">An array is too short, or the indices do not ascend within the length.</exception>
    public VBuffer(int length, int count, T[]? values, int[]? indices)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, length);
        if ((values?.Length ?? 0) < count || (count < length && (indices?.Length ?? 0) < count))
        {
            throw new ArgumentException($"{count} stored items need arrays of at least that length", nameof(values));
        }

        for (int i = 0, previous = -1; count < length && i < count; previous = indices![i], i++)
        {
            if (indices![i] <= previous || indices[i] >= length)
            {
                throw new ArgumentException($"the indices of a sparse vector ascend from 0 to {length - 1}, but {indices[i]} follows {previous}", nameof(indices));
            }
        }

        Length = length;
        _count = count;
        _values = values;
        _indices = indices;
    }

    /// <summary>The number of items, stored or not.</summary>
    public int Length { get; }

    /// <summary>Whether every item is stored.</summary>
    public bool IsDense => _count == Length;

    internal T[]? ValuesBuffer => _values;

    internal int[]? IndicesBuffer => _indices;

    /// <summary>The stored items: all of them where the vector is dense.</summary>
    public ReadOnlySpan<T> GetValues() => _values.AsSpan(0, _count);

    /// <summary>The places of the stored items, ascending; empty where the vector is dense.</summary>
    public ReadOnlySpan<int> GetIndices() => IsDense ? default : _indices.AsSpan(0, _count);

    /// <summary>The item at <paramref name="index"/>.</summary>
    public T GetItemOrDefault(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Length);
        var place = IsDense ? index : GetIndices().BinarySearch(index);
        return place >= 0 ? _values![place] : default!;
    }

    /// <summary>Every item, stored or not, in order.</summary>
    public IEnumerable<T> DenseValues() => Items(all: true).Select(item => item.Value);

    /// <summary>The items with their places, in order: the stored ones, or with <paramref name="all"/> every one.</summary>
    public IEnumerable<KeyValuePair<int, T>> Items(bool all = false)
    {
        if (!all || IsDense)
        {
            for (var i = 0; i < _count; i++)
            {
                yield return new(IsDense ? i : _indices![i], _values![i]);
            }

            yield break;
        }

        for (int slot = 0, stored = 0; slot < Length; slot++)
        {
            yield return new(slot, stored < _count && _indices![stored] == slot ? _values![stored++] : default!);
        }
    }

    /// <summary>Copies the vector as it is, dense or sparse, reusing the arrays of <paramref name="destination"/>.</summary>
    public void CopyTo(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length, _count);
        GetValues().CopyTo(editor.Values);
        GetIndices().CopyTo(editor.Indices);
        destination = editor.Commit();
    }

    /// <summary>Copies the items from <paramref name="sourceIndex"/> on, <paramref name="length"/> of them, densely.</summary>
    public void CopyTo(ref VBuffer<T> destination, int sourceIndex, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sourceIndex);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length - sourceIndex);
        var editor = VBufferEditor.Create(ref destination, length);
        for (var i = 0; i < length; i++)
        {
            editor.Values[i] = GetItemOrDefault(sourceIndex + i);
        }

        destination = editor.Commit();
    }

    /// <summary>Copies every item, stored or not, reusing the arrays of <paramref name="destination"/>.</summary>
    public void CopyToDense(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length);
        CopyTo(editor.Values);
        destination = editor.Commit();
    }

    /// <summary>Copies every item, stored or not, into a span of at least <see cref="Length"/>.</summary>
    public void CopyTo(Span<T> destination) => CopyTo(destination, 0);

    /// <summary>Copies every item into <paramref name="destination"/> from <paramref name="destinationIndex"/> on.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="destinationIndex">The first place to write.</param>
    /// <param name="defaultValue">What an item that is not stored becomes.</param>
    public void CopyTo(Span<T> destination, int destinationIndex, T defaultValue = default!)
    {
        var target = destination.Slice(destinationIndex, Length);
        if (IsDense)
        {
            GetValues().CopyTo(target);
            return;
        }

        target.Fill(defaultValue);
        for (var i = 0; i < _count; i++)
        {
            target[_indices![i]] = _values![i];
        }
    }

    /// <inheritdoc/>
    public override string ToString() => IsDense ? $"Dense vector of size {Length}" : $"Sparse vector of size {Length}, {_count} explicit values";
}

/// <summary>Makes getters of constant vectors.</summary>
public static class VBuffer
{
    /// <summary>A getter that gives a copy of <paramref name="values"/>, dense.</summary>
    public static ValueGetter<VBuffer<T>> Getter<T>(T[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return (ref VBuffer<T> destination) => Fill(values, ref destination);
    }

    /// <summary>Copies <paramref name="values"/> into <paramref name="destination"/>, dense, reusing its array.</summary>
    public static void Fill<T>(ReadOnlySpan<T> values, ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, values.Length);
        values.CopyTo(editor.Values);
        destination = editor.Commit();
    }
}
