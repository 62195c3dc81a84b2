using System.Collections.Immutable;
using System.Globalization;

namespace MLNetCnn.Pipelines;

/// <summary>Values of one primitive type in a row, carried by <see cref="VBuffer{T}"/>; the length is part of the type, or varies from row to row.</summary>
public sealed class VectorDataViewType : StructuredDataViewType
{
    /// <summary>Creates a vector type of one dimension.</summary>
    /// <param name="itemType">The type of the items.</param>
    /// <param name="size">The length; 0: it varies.</param>
    public VectorDataViewType(PrimitiveDataViewType itemType, int size = 0)
        : this(itemType, ImmutableArray.Create(size))
    {
    }

    /// <summary>Creates a vector type of several dimensions, stored row by row.</summary>
    /// <param name="itemType">The type of the items.</param>
    /// <param name="dimensions">At least one; 0: that one varies, and with it the size.</param>
    public VectorDataViewType(PrimitiveDataViewType itemType, params int[] dimensions)
        : this(itemType, ImmutableArray.Create(dimensions))
    {
    }

    /// <inheritdoc cref="VectorDataViewType(PrimitiveDataViewType, int[])"/>
    public VectorDataViewType(PrimitiveDataViewType itemType, ImmutableArray<int> dimensions)
        : base(typeof(VBuffer<>).MakeGenericType((itemType ?? throw new ArgumentNullException(nameof(itemType))).RawType))
    {
        if (dimensions.IsDefaultOrEmpty || dimensions.Any(dimension => dimension < 0))
        {
            throw new ArgumentException("a vector has at least one dimension, and none is negative", nameof(dimensions));
        }

        ItemType = itemType;
        Dimensions = dimensions;
        Size = dimensions.Aggregate(1, (product, dimension) => checked(product * dimension));
    }

    /// <summary>The dimensions; one that is 0 varies.</summary>
    public ImmutableArray<int> Dimensions { get; }

    /// <summary>Whether every value has <see cref="Size"/> items.</summary>
    public bool IsKnownSize => Size > 0;

    /// <summary>The type of the items.</summary>
    public PrimitiveDataViewType ItemType { get; }

    /// <summary>The number of items; 0: it varies.</summary>
    public int Size { get; }

    /// <inheritdoc/>
    public override bool Equals(DataViewType? other) =>
        other is VectorDataViewType vector && vector.ItemType.Equals(ItemType) && vector.Dimensions.SequenceEqual(Dimensions);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(ItemType, Size);

    /// <inheritdoc/>
    public override string ToString() => Dimensions is [0]
        ? $"Vector<{ItemType}>"
        : $"Vector<{ItemType}, {string.Join(", ", Dimensions.Select(size => size == 0 ? "*" : size.ToString(CultureInfo.InvariantCulture)))}>";
}
