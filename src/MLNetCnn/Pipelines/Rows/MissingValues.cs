namespace MLNetCnn.Pipelines;

/// <summary>What ML.NET takes for a missing value: NaN, the empty text, the key 0. Other numbers and booleans are never missing.</summary>
internal static class MissingValues
{
    /// <summary>Whether a single value of <paramref name="type"/> is missing; null where such values never are.</summary>
    public static Func<T, bool>? Test<T>(DataViewType type) => (Func<T, bool>?)(object?)(type switch
    {
        TextDataViewType => (Func<ReadOnlyMemory<char>, bool>)(text => text.IsEmpty),
        KeyDataViewType => (Func<T, bool>)(key => EqualityComparer<T>.Default.Equals(key, default)),
        NumberDataViewType when typeof(T) == typeof(float) => (Func<float, bool>)float.IsNaN,
        NumberDataViewType when typeof(T) == typeof(double) => (Func<double, bool>)double.IsNaN,
        _ => null,
    });

    /// <summary>The missing value of <paramref name="type"/>, or the default one where it has none.</summary>
    public static T Value<T>(DataViewType type) => type is NumberDataViewType && typeof(T) == typeof(float) ? (T)(object)float.NaN
        : type is NumberDataViewType && typeof(T) == typeof(double) ? (T)(object)double.NaN
        : default!;

    /// <summary>Whether the row's value (or any item of its vector) is missing.</summary>
    public static Func<bool> Test(DataViewRow row, DataViewSchema.Column column) => column.Type switch
    {
        VectorDataViewType vector => ColumnReader.Generic<Func<bool>>(typeof(MissingValues), nameof(AnyMissing), [vector.ItemType.RawType], row, column, vector.ItemType),
        PrimitiveDataViewType => ColumnReader.Generic<Func<bool>>(typeof(MissingValues), nameof(IsMissing), [column.Type.RawType], row, column),
        _ => throw new InvalidOperationException($"column '{column.Name}' is {column.Type}, which has no missing value: filter by text, number, key or vector columns"),
    };

    private static Func<bool> IsMissing<T>(DataViewRow row, DataViewSchema.Column column)
    {
        if (Test<T>(column.Type) is not { } test)
        {
            return () => false;
        }

        var getter = row.GetGetter<T>(column);
        var value = default(T)!;
        return () =>
        {
            getter(ref value);
            return test(value);
        };
    }

    private static Func<bool> AnyMissing<T>(DataViewRow row, DataViewSchema.Column column, PrimitiveDataViewType itemType)
    {
        if (Test<T>(itemType) is not { } test)
        {
            return () => false;
        }

        var getter = row.GetGetter<VBuffer<T>>(column);
        var vector = default(VBuffer<T>);
        return () =>
        {
            getter(ref vector);
            // An item that a sparse vector does not store is the default: missing where that is (the key 0, the empty text).
            var missing = !vector.IsDense && test(default!);
            foreach (var item in vector.GetValues())
            {
                missing |= test(item);
            }

            return missing;
        };
    }
}
