using System.Globalization;

namespace MLNetCnn.Pipelines;

/// <summary>The identity of a row, 128 bits: the same in every cursor over the same view.</summary>
/// <param name="low">The low 64 bits.</param>
/// <param name="high">The high 64 bits.</param>
public readonly struct DataViewRowId(ulong low, ulong high) : IEquatable<DataViewRowId>
{
    /// <summary>The low 64 bits.</summary>
    public ulong Low { get; } = low;

    /// <summary>The high 64 bits.</summary>
    public ulong High { get; } = high;

    /// <summary>Whether the two are the same.</summary>
    public static bool operator ==(DataViewRowId left, DataViewRowId right) => left.Equals(right);

    /// <summary>Whether the two differ.</summary>
    public static bool operator !=(DataViewRowId left, DataViewRowId right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(DataViewRowId other) => Low == other.Low && High == other.High;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is DataViewRowId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Low, High);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{High:x16}{Low:x16}");
}
