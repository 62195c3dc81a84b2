namespace MLNetCnn.Pipelines;

/// <summary>The type of a column: what its values mean, and the CLR type (<see cref="RawType"/>) that carries them.</summary>
public abstract class DataViewType : IEquatable<DataViewType>
{
    /// <summary>Creates a type whose values are carried by <paramref name="rawType"/>.</summary>
    protected DataViewType(Type rawType)
    {
        ArgumentNullException.ThrowIfNull(rawType);
        RawType = rawType;
    }

    /// <summary>The <c>T</c> of the column's <see cref="ValueGetter{TValue}"/>.</summary>
    public Type RawType { get; }

    /// <summary>Whether the two types mean the same.</summary>
    public abstract bool Equals(DataViewType? other);

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as DataViewType);

    /// <inheritdoc/>
    public override int GetHashCode() => RawType.GetHashCode();
}

/// <summary>A type with an inner structure (a vector, an image); a library derives its own from it.</summary>
public abstract class StructuredDataViewType : DataViewType
{
    /// <inheritdoc cref="DataViewType(Type)"/>
    protected StructuredDataViewType(Type rawType)
        : base(rawType)
    {
    }
}

/// <summary>A type of single values: what a vector can hold.</summary>
public abstract class PrimitiveDataViewType : DataViewType
{
    /// <inheritdoc cref="DataViewType(Type)"/>
    protected PrimitiveDataViewType(Type rawType)
        : base(rawType)
    {
    }

    /// <summary>The type that carries members of CLR type <paramref name="type"/>, or null where there is none.</summary>
    internal static PrimitiveDataViewType? FromClrType(Type type) =>
        type == typeof(string) || type == typeof(ReadOnlyMemory<char>) ? TextDataViewType.Instance
        : type == typeof(bool) ? BooleanDataViewType.Instance
        : NumberDataViewType.All.FirstOrDefault(number => number.RawType == type);

    /// <summary>The text, boolean or number type whose <see cref="object.ToString"/> is <paramref name="name"/>.</summary>
    internal static PrimitiveDataViewType FromName(string name) =>
        NumberDataViewType.All.Append<PrimitiveDataViewType>(TextDataViewType.Instance).Append(BooleanDataViewType.Instance).FirstOrDefault(type => type.ToString() == name)
        ?? throw new InvalidDataException($"the saved type '{name}' is unknown: the model is damaged or of another version");
}

/// <summary>Text, carried by <see cref="ReadOnlyMemory{T}"/> of <see cref="char"/>; the empty text is the missing value.</summary>
public sealed class TextDataViewType : PrimitiveDataViewType
{
    private TextDataViewType()
        : base(typeof(ReadOnlyMemory<char>))
    {
    }

    /// <summary>The one instance.</summary>
    public static TextDataViewType Instance { get; } = new();

    /// <inheritdoc/>
    public override bool Equals(DataViewType? other) => other is TextDataViewType;

    /// <inheritdoc/>
    public override string ToString() => "String";
}

/// <summary>True or false, carried by <see cref="bool"/>.</summary>
public sealed class BooleanDataViewType : PrimitiveDataViewType
{
    private BooleanDataViewType()
        : base(typeof(bool))
    {
    }

    /// <summary>The one instance.</summary>
    public static BooleanDataViewType Instance { get; } = new();

    /// <inheritdoc/>
    public override bool Equals(DataViewType? other) => other is BooleanDataViewType;

    /// <inheritdoc/>
    public override string ToString() => "Boolean";
}

/// <summary>Numbers, carried by the CLR type of the same name; NaN is the missing value of <see cref="Single"/> and <see cref="Double"/>.</summary>
public sealed class NumberDataViewType : PrimitiveDataViewType
{
    private NumberDataViewType(Type rawType)
        : base(rawType)
    {
    }

    /// <summary>8 bits, signed.</summary>
    public static NumberDataViewType SByte { get; } = new(typeof(sbyte));

    /// <summary>8 bits, unsigned.</summary>
    public static NumberDataViewType Byte { get; } = new(typeof(byte));

    /// <summary>16 bits, signed.</summary>
    public static NumberDataViewType Int16 { get; } = new(typeof(short));

    /// <summary>16 bits, unsigned.</summary>
    public static NumberDataViewType UInt16 { get; } = new(typeof(ushort));

    /// <summary>32 bits, signed.</summary>
    public static NumberDataViewType Int32 { get; } = new(typeof(int));

    /// <summary>32 bits, unsigned.</summary>
    public static NumberDataViewType UInt32 { get; } = new(typeof(uint));

    /// <summary>64 bits, signed.</summary>
    public static NumberDataViewType Int64 { get; } = new(typeof(long));

    /// <summary>64 bits, unsigned.</summary>
    public static NumberDataViewType UInt64 { get; } = new(typeof(ulong));

    /// <summary>32 bits, floating point.</summary>
    public static NumberDataViewType Single { get; } = new(typeof(float));

    /// <summary>64 bits, floating point.</summary>
    public static NumberDataViewType Double { get; } = new(typeof(double));

    internal static IReadOnlyList<NumberDataViewType> All { get; } =
        [SByte, Byte, Int16, UInt16, Int32, UInt32, Int64, UInt64, Single, Double];

    /// <inheritdoc/>
    public override bool Equals(DataViewType? other) => other is NumberDataViewType && other.RawType == RawType;

    /// <inheritdoc/>
    public override string ToString() => RawType.Name;
}
