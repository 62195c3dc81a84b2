namespace MLNetCnn.Pipelines;

/// <summary>Starts the edit of a vector in the arrays of an old one.</summary>
public static class VBufferEditor
{
    /// <summary>An editor of the length and contents of <paramref name="destination"/>.</summary>
    public static VBufferEditor<T> CreateFromBuffer<T>(ref VBuffer<T> destination) =>
        Create(ref destination, destination.Length, destination.GetValues().Length);

    /// <summary>An editor for a new value, in the arrays of <paramref name="destination"/> where they are long enough.</summary>
    /// <param name="destination">The vector whose arrays are reused; use it no more until it is assigned the committed one.</param>
    /// <param name="newLogicalLength">The number of items.</param>
    /// <param name="valuesCount">The number of stored items; null: all of them, a dense vector.</param>
    public static VBufferEditor<T> Create<T>(ref VBuffer<T> destination, int newLogicalLength, int? valuesCount = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(newLogicalLength);
        var count = valuesCount ?? newLogicalLength;
        ArgumentOutOfRangeException.ThrowIfNegative(count, nameof(valuesCount));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, newLogicalLength, nameof(valuesCount));
        var values = Fit(destination.ValuesBuffer, count);
        var indices = count < newLogicalLength ? Fit(destination.IndicesBuffer, count) : destination.IndicesBuffer;
        return new VBufferEditor<T>(newLogicalLength, count, values, indices, !ReferenceEquals(values, destination.ValuesBuffer));
    }

    private static TItem[] Fit<TItem>(TItem[]? array, int length) => array is not null && array.Length >= length ? array : new TItem[length];
}

/// <summary>A vector being written; <see cref="Commit"/> makes it one.</summary>
public readonly ref struct VBufferEditor<T>
{
    private readonly int _length;
    private readonly int _count;
    private readonly T[] _values;
    private readonly int[]? _indices;

    internal VBufferEditor(int length, int count, T[] values, int[]? indices, bool createdNewValues)
    {
        _length = length;
        _count = count;
        _values = values;
        _indices = indices;
        CreatedNewValues = createdNewValues;
    }

    /// <summary>The stored items, to be written; those that are not keep what a reused array held.</summary>
    public Span<T> Values => _values.AsSpan(0, _count);

    /// <summary>The places of the stored items, to be written ascending; empty for a dense vector.</summary>
    public Span<int> Indices => _count < _length ? _indices.AsSpan(0, _count) : default;

    /// <summary>Whether <see cref="Values"/> is a new array, so that nothing was reused.</summary>
    public bool CreatedNewValues { get; }

    /// <summary>The vector as written.</summary>
    public VBuffer<T> Commit() => new(_length, _count, _values, _indices);

    /// <summary>The vector of the first <paramref name="physicalValuesCount"/> stored items; the editor was made sparse.</summary>
    public VBuffer<T> CommitTruncated(int physicalValuesCount)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(physicalValuesCount, _count);
        return new(_length, physicalValuesCount, _values, _indices);
    }
}
