namespace MLNetCnn.Pipelines;

/// <summary>A view that is read by one cursor at a time per reader: a cursor set of it is a single cursor.</summary>
internal abstract class DataView : IDataView
{
    public abstract DataViewSchema Schema { get; }

    public abstract bool CanShuffle { get; }

    public abstract long? GetRowCount();

    /// <summary>How many random splits this is a part of: the next one draws other numbers, as those here lie in one range.</summary>
    public virtual int Splits => 0;

    public static int SplitsOf(IDataView view) => view is DataView own ? own.Splits : 0;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        ArgumentNullException.ThrowIfNull(columnsNeeded);
        return Open([.. columnsNeeded], CanShuffle ? rand : null);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    protected abstract DataViewRowCursor Open(DataViewSchema.Column[] columnsNeeded, Random? rand);
}

/// <summary>The active columns of a row over a schema.</summary>
internal sealed class ActiveColumns
{
    private readonly bool[] _active;

    public ActiveColumns(DataViewSchema schema, IEnumerable<DataViewSchema.Column> columns)
    {
        _active = new bool[schema.Count];
        foreach (var column in columns)
        {
            _active[column.Index] = true;
        }
    }

    public bool this[DataViewSchema.Column column] => _active[column.Index];

    public bool this[int index] => _active[index];
}
