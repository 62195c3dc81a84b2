using System.Globalization;

namespace MLNetCnn.Pipelines;

/// <summary>
/// One of a known number of things, carried by an unsigned integer: 0 is the missing value, 1 to <see cref="Count"/> the things.
/// Their names are the column's <see cref="AnnotationUtils.Kinds.KeyValues"/> annotation.
/// </summary>
public sealed class KeyDataViewType : PrimitiveDataViewType
{
    /// <summary>Creates a key of <paramref name="count"/> values.</summary>
    /// <param name="type">byte, ushort, uint or ulong.</param>
    /// <param name="count">How many values there are, at least 1 and at most the largest of <paramref name="type"/>.</param>
    /// <exception cref="ArgumentException">Another type, or a count that does not fit it.</exception>
    public KeyDataViewType(Type type, ulong count)
        : base(type)
    {
        if (!IsValidDataType(type))
        {
            throw new ArgumentException($"a key is carried by byte, ushort, uint or ulong, not by {type.Name}", nameof(type));
        }

        ArgumentOutOfRangeException.ThrowIfZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Largest(type));
        Count = count;
    }

    /// <inheritdoc cref="KeyDataViewType(Type, ulong)"/>
    public KeyDataViewType(Type type, int count)
        : this(type, count > 0 ? (ulong)count : throw new ArgumentOutOfRangeException(nameof(count), count, "a key has at least one value"))
    {
    }

    /// <summary>How many values there are: valid keys run from 1 to this number.</summary>
    public ulong Count { get; }

    /// <summary>Whether <paramref name="type"/> can carry keys: byte, ushort, uint or ulong.</summary>
    public static bool IsValidDataType(Type type) =>
        type == typeof(byte) || type == typeof(ushort) || type == typeof(uint) || type == typeof(ulong);

    /// <inheritdoc/>
    public override bool Equals(DataViewType? other) => other is KeyDataViewType key && key.RawType == RawType && key.Count == Count;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(RawType, Count);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Key<{RawType.Name}, 0-{Count - 1}>");

    /// <summary>The largest count that <paramref name="type"/> can carry.</summary>
    internal static ulong Largest(Type type) =>
        type == typeof(byte) ? byte.MaxValue : type == typeof(ushort) ? ushort.MaxValue : type == typeof(uint) ? uint.MaxValue : ulong.MaxValue;
}
