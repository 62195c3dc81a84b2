using System.Globalization;

namespace MLNetCnn.Pipelines;

/// <summary>The kinds of annotation that ML.NET and this library agree on.</summary>
public static class AnnotationUtils
{
    /// <summary>Names of annotations.</summary>
    public static class Kinds
    {
        /// <summary>The name of every slot of a vector column: a text vector of the column's size.</summary>
        public const string SlotNames = "SlotNames";

        /// <summary>The value that every key stands for: a vector whose item <c>i</c> belongs to key <c>i + 1</c>.</summary>
        public const string KeyValues = "KeyValues";
    }

    /// <summary>Adds the names of a vector's slots.</summary>
    /// <param name="builder">Where to.</param>
    /// <param name="size">The vector's size.</param>
    /// <param name="getter">Gives the names.</param>
    public static void AddSlotNames(this DataViewSchema.Annotations.Builder builder, int size, ValueGetter<VBuffer<ReadOnlyMemory<char>>> getter) =>
        builder.Add(Kinds.SlotNames, new VectorDataViewType(TextDataViewType.Instance, size), getter);

    /// <summary>Adds the values that a key column's keys stand for.</summary>
    /// <param name="builder">Where to.</param>
    /// <param name="size">The key's count.</param>
    /// <param name="valueType">The type of the values.</param>
    /// <param name="getter">Gives the values.</param>
    public static void AddKeyValues<TValue>(
        this DataViewSchema.Annotations.Builder builder, int size, PrimitiveDataViewType valueType, ValueGetter<VBuffer<TValue>> getter) =>
        builder.Add(Kinds.KeyValues, new VectorDataViewType(valueType, size), getter);

    /// <summary>Annotations that hold <paramref name="names"/> as slot names.</summary>
    public static DataViewSchema.Annotations SlotNames(IReadOnlyList<string> names) => Names(Kinds.SlotNames, names);

    /// <summary>Annotations that hold <paramref name="names"/> as key values, the first for key 1.</summary>
    public static DataViewSchema.Annotations KeyValues(IReadOnlyList<string> names) => Names(Kinds.KeyValues, names);

    /// <summary>Whether the column is a vector of known size with a name for every slot.</summary>
    public static bool HasSlotNames(this DataViewSchema.Column column) =>
        column.Type is VectorDataViewType { IsKnownSize: true } vector
        && Find(column, Kinds.SlotNames) is { ItemType: TextDataViewType } names
        && names.Size == vector.Size;

    /// <summary>Reads the names of the slots.</summary>
    /// <exception cref="InvalidOperationException">The column has none.</exception>
    public static void GetSlotNames(this DataViewSchema.Column column, ref VBuffer<ReadOnlyMemory<char>> slotNames) =>
        column.Annotations.GetValue(Kinds.SlotNames, ref slotNames);

    /// <summary>Whether the column is a key whose values are known and of type <paramref name="keyValueItemType"/> (null: text).</summary>
    public static bool HasKeyValues(this DataViewSchema.Column column, PrimitiveDataViewType? keyValueItemType = null) =>
        column.Type is KeyDataViewType key
        && Find(column, Kinds.KeyValues) is { } values
        && values.ItemType.Equals(keyValueItemType ?? TextDataViewType.Instance)
        && (ulong)values.Size == key.Count;

    /// <summary>Reads the values that the keys stand for; item <c>i</c> belongs to key <c>i + 1</c>.</summary>
    /// <exception cref="InvalidOperationException">The column has none, or they are not of <typeparamref name="TValue"/>.</exception>
    public static void GetKeyValues<TValue>(this DataViewSchema.Column column, ref VBuffer<TValue> keyValues) =>
        column.Annotations.GetValue(Kinds.KeyValues, ref keyValues);

    /// <summary>The values that the keys stand for, in the invariant culture; null where the column is no key, or they are not known.</summary>
    internal static string[]? KeyTexts(DataViewSchema.Column column) =>
        column.Type is KeyDataViewType key && Find(column, Kinds.KeyValues) is { ItemType: var type } values && (ulong)values.Size == key.Count
            ? ColumnReader.Generic<string[]>(typeof(AnnotationUtils), nameof(KeyTextsOf), [type.RawType], column)
            : null;

    private static string[] KeyTextsOf<T>(DataViewSchema.Column column)
    {
        var values = default(VBuffer<T>);
        column.GetKeyValues(ref values);
        return [.. values.DenseValues().Select(value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")];
    }

    internal static VectorDataViewType? Find(DataViewSchema.Column column, string kind) =>
        column.Annotations.Schema.GetColumnOrNull(kind)?.Type as VectorDataViewType;

    /// <summary>The text vector annotation of <paramref name="kind"/> as strings, or null where there is none.</summary>
    internal static string[]? Texts(DataViewSchema.Column column, string kind)
    {
        if (Find(column, kind) is not { ItemType: TextDataViewType })
        {
            return null;
        }

        var texts = default(VBuffer<ReadOnlyMemory<char>>);
        column.Annotations.GetValue(kind, ref texts);
        return [.. texts.DenseValues().Select(text => text.ToString())];
    }

    internal static DataViewSchema.Annotations Names(string kind, IReadOnlyList<string> names)
    {
        var memories = names.Select(name => name.AsMemory()).ToArray();
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(kind, new VectorDataViewType(TextDataViewType.Instance, memories.Length), VBuffer.Getter(memories));
        return builder.ToAnnotations();
    }
}
