namespace MLNetCnn.Pipelines;

/// <summary>The first rows of a view, for looking at in a debugger: never part of a program's work.</summary>
public sealed class DataDebuggerPreview
{
    internal DataDebuggerPreview(IDataView data, int maxRows)
    {
        Schema = data.Schema;
        using var cursor = data.GetRowCursor(data.Schema);
        var readers = data.Schema.Select(column => ColumnReader.Generic<Func<object?>>(typeof(DataDebuggerPreview), nameof(Reader), [column.Type.RawType], cursor, column)).ToArray();
        var rows = new List<RowInfo>();
        while (rows.Count < maxRows && cursor.MoveNext())
        {
            rows.Add(new RowInfo([.. data.Schema.Select(column => new KeyValuePair<string, object?>(column.Name, readers[column.Index]()))]));
        }

        RowView = rows;
        ColumnView = [.. data.Schema.Select(column => new ColumnInfo(column, [.. rows.Select(row => row.Values[column.Index].Value)]))];
    }

    /// <summary>The columns, hidden ones included.</summary>
    public DataViewSchema Schema { get; }

    /// <summary>The values column by column.</summary>
    public IReadOnlyList<ColumnInfo> ColumnView { get; }

    /// <summary>The values row by row.</summary>
    public IReadOnlyList<RowInfo> RowView { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Schema.Count} columns, {RowView.Count} rows";

    private static Func<object?> Reader<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(column);
        return () =>
        {
            var value = default(T)!;
            getter(ref value);
            return value;
        };
    }

    /// <summary>One row.</summary>
    public sealed class RowInfo
    {
        internal RowInfo(IReadOnlyList<KeyValuePair<string, object?>> values) => Values = values;

        /// <summary>Every column's name and value.</summary>
        public IReadOnlyList<KeyValuePair<string, object?>> Values { get; }

        /// <inheritdoc/>
        public override string ToString() => string.Join(", ", Values.Select(value => $"{value.Key}: {value.Value}"));
    }

    /// <summary>One column.</summary>
    public sealed class ColumnInfo
    {
        internal ColumnInfo(DataViewSchema.Column column, IReadOnlyList<object?> values) => (Column, Values) = (column, values);

        /// <summary>The column.</summary>
        public DataViewSchema.Column Column { get; }

        /// <summary>Its value in every row of the preview.</summary>
        public IReadOnlyList<object?> Values { get; }

        /// <inheritdoc/>
        public override string ToString() => $"{Column.Name}: {Column.Type}";
    }
}

/// <summary>Looks into views.</summary>
public static class DebuggerExtensions
{
    /// <summary>Reads the first <paramref name="maxRows"/> rows, every column of them.</summary>
    public static DataDebuggerPreview Preview(this IDataView data, int maxRows = 100)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfNegative(maxRows);
        return new DataDebuggerPreview(data, maxRows);
    }
}
