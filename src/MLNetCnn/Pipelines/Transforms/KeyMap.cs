using System.Text.Json;
using System.Text.Json.Nodes;

namespace MLNetCnn.Pipelines;

/// <summary>Values numbered from 1.</summary>
internal abstract class KeyMap
{
    private static readonly JsonSerializerOptions Json = new() { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>The type of the values.</summary>
    public abstract PrimitiveDataViewType ValueType { get; }

    /// <summary>How many there are.</summary>
    public abstract int Count { get; }

    /// <summary>Numbers the values of a column, missing ones left out, at most <paramref name="maximum"/>.</summary>
    public static KeyMap Learn(IDataView view, DataViewSchema.Column column, int maximum, bool sorted) =>
        ColumnReader.Generic<KeyMap>(typeof(KeyMap), nameof(Learn), [Check(column).RawType], view, column, maximum, sorted);

    public static KeyMap FromJson(JsonObject parameters)
    {
        var type = PrimitiveDataViewType.FromName(parameters.Required<string>("type"));
        return ColumnReader.Generic<KeyMap>(typeof(KeyMap), nameof(FromValues), [type.RawType], type, parameters["values"]);
    }

    /// <summary>The type of a column whose values can be numbered.</summary>
    /// <exception cref="InvalidOperationException">They cannot.</exception>
    public static PrimitiveDataViewType Check(DataViewSchema.Column column) =>
        column.Type is TextDataViewType or NumberDataViewType or BooleanDataViewType
            ? (PrimitiveDataViewType)column.Type
            : throw new InvalidOperationException($"MapValueToKey numbers text, numbers or booleans, but column '{column.Name}' is {column.Type}");

    /// <summary>A getter of the key of the row's value; 0 where it is missing or was not seen.</summary>
    public abstract ValueGetter<uint> KeyGetter(DataViewRow row, DataViewSchema.Column column);

    /// <summary>The values as key values annotation, as they are or as text.</summary>
    public abstract DataViewSchema.Annotations Annotations(bool asText);

    public abstract JsonObject ToJson();

    private static KeyMap<T> Learn<T>(IDataView view, DataViewSchema.Column column, int maximum, bool sorted)
        where T : notnull
    {
        var values = new HashSet<T>(TextComparer.Equality<T>());
        var isMissing = MissingValues.Test<T>(column.Type) ?? (_ => false);
        using var cursor = view.GetRowCursor([column]);
        var getter = cursor.GetGetter<T>(column);
        var value = default(T)!;
        var order = new List<T>();
        while ((sorted || order.Count < maximum) && cursor.MoveNext())
        {
            getter(ref value);
            if (!isMissing(value) && !values.Contains(value))
            {
                // Text may point into a buffer that the next row overwrites.
                var own = value is ReadOnlyMemory<char> text ? (T)(object)text.ToString().AsMemory() : value;
                values.Add(own);
                order.Add(own);
            }
        }

        var kept = sorted ? order.Order(TextComparer.Order<T>()).Take(maximum) : order;
        return new KeyMap<T>((PrimitiveDataViewType)column.Type, [.. kept]);
    }

    private static KeyMap<T> FromValues<T>(PrimitiveDataViewType type, JsonNode? values)
        where T : notnull
    {
        var array = type is TextDataViewType
            ? values.Deserialize<string[]>(Json)?.Select(text => (T)(object)text.AsMemory()).ToArray()
            : values.Deserialize<T[]>(Json);
        return new KeyMap<T>(type, array ?? throw new InvalidDataException("a key mapping has no values"));
    }

    protected static JsonNode? Node<T>(T[] values) => values is ReadOnlyMemory<char>[] texts
        ? JsonSerializer.SerializeToNode(texts.Select(text => text.ToString()))
        : JsonSerializer.SerializeToNode(values, Json);
}

/// <summary>Values of one type, numbered from 1.</summary>
internal sealed class KeyMap<T> : KeyMap
    where T : notnull
{
    private readonly T[] _values;
    private readonly Dictionary<T, uint> _keys;

    public KeyMap(PrimitiveDataViewType type, T[] values)
    {
        ValueType = type;
        _values = values;
        _keys = new Dictionary<T, uint>(TextComparer.Equality<T>());
        foreach (var value in values)
        {
            _keys.TryAdd(value, (uint)_keys.Count + 1);
        }

        if (_keys.Count != values.Length)
        {
            throw new InvalidDataException("a key mapping names a value twice");
        }
    }

    public override PrimitiveDataViewType ValueType { get; }

    public override int Count => _values.Length;

    public override ValueGetter<uint> KeyGetter(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(column);
        var value = default(T)!;
        return (ref uint key) =>
        {
            getter(ref value);
            key = _keys.GetValueOrDefault(value);
        };
    }

    public override DataViewSchema.Annotations Annotations(bool asText)
    {
        if (asText)
        {
            return AnnotationUtils.KeyValues([.. _values.Select(value => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "")]);
        }

        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddKeyValues(_values.Length, ValueType, VBuffer.Getter(_values));
        return builder.ToAnnotations();
    }

    public override JsonObject ToJson() => new() { ["type"] = ValueType.ToString(), ["values"] = Node(_values) };
}

/// <summary>Compares text by its characters, and everything else by its own comparer.</summary>
internal sealed class TextComparer : IEqualityComparer<ReadOnlyMemory<char>>, IComparer<ReadOnlyMemory<char>>
{
    private static readonly TextComparer Instance = new();

    public static IEqualityComparer<T> Equality<T>() => Instance as IEqualityComparer<T> ?? EqualityComparer<T>.Default;

    public static IComparer<T> Order<T>() => Instance as IComparer<T> ?? Comparer<T>.Default;

    public bool Equals(ReadOnlyMemory<char> x, ReadOnlyMemory<char> y) => x.Span.SequenceEqual(y.Span);

    public int GetHashCode(ReadOnlyMemory<char> obj) => string.GetHashCode(obj.Span);

    public int Compare(ReadOnlyMemory<char> x, ReadOnlyMemory<char> y) => x.Span.SequenceCompareTo(y.Span);
}
