namespace MLNetCnn.Pipelines;

/// <summary>Gives the member's column another name than its own.</summary>
/// <param name="name">The column's name.</param>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class ColumnNameAttribute(string name) : Attribute
{
    /// <summary>The column's name.</summary>
    public string Name { get; } = name;
}

/// <summary>Keeps the member from being a column.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class NoColumnAttribute : Attribute;

/// <summary>Says the dimensions of a vector member (<c>T[]</c> or <see cref="VBuffer{T}"/>); without it the length varies.</summary>
/// <param name="dimensions">The dimensions; 0: that one varies.</param>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class VectorTypeAttribute(params int[] dimensions) : Attribute
{
    /// <summary>The dimensions; none: the length varies.</summary>
    public IReadOnlyList<int> Dimensions { get; } = dimensions;
}

/// <summary>Makes a key of an unsigned member (or of the items of a vector member): 0 is missing, 1 to <paramref name="count"/> are valid.</summary>
/// <param name="count">How many values there are; 0: all that the member's type holds.</param>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class KeyTypeAttribute(ulong count) : Attribute
{
    /// <summary>Makes a key of as many values as the member's type holds.</summary>
    public KeyTypeAttribute()
        : this(0)
    {
    }

    /// <summary>How many values there are; 0: all that the member's type holds.</summary>
    public ulong Count { get; } = count;
}

/// <summary>Gives a member a column type of the library's own (an image's, for example).</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public abstract class DataViewTypeAttribute : Attribute
{
    /// <summary>The type of a column whose values are carried by <paramref name="memberType"/>.</summary>
    /// <exception cref="InvalidOperationException">The attribute does not suit such a member.</exception>
    public abstract DataViewType CreateType(Type memberType);
}
