namespace MLNetCnn.Pipelines;

/// <summary>
/// Keeps columns of a view in memory. A column is read once, when a cursor that asks for it first moves; the prefetched ones
/// come along with whatever is read first.
/// </summary>
internal sealed class CacheDataView(IDataView input, IReadOnlyList<DataViewSchema.Column> prefetch) : DataView
{
    private readonly Lock _lock = new();
    private readonly ColumnStore?[] _stores = new ColumnStore?[input.Schema.Count];
    private int _count = -1;

    public override DataViewSchema Schema => input.Schema;

    public override int Splits => SplitsOf(input);

    public override bool CanShuffle => true;

    public override long? GetRowCount() => Volatile.Read(ref _count) is >= 0 and var count ? count : input.GetRowCount();

    protected override DataViewRowCursor Open(DataViewSchema.Column[] columnsNeeded, Random? rand) => new Cursor(this, columnsNeeded, rand);

    /// <summary>Reads what is not read yet of <paramref name="columns"/>; returns the number of rows.</summary>
    private int Fill(IEnumerable<DataViewSchema.Column> columns)
    {
        lock (_lock)
        {
            DataViewSchema.Column[] missing = [.. columns.Concat(prefetch).DistinctBy(column => column.Index).Where(column => _stores[column.Index] is null)];
            if (missing.Length == 0 && _count >= 0)
            {
                return _count;
            }

            using var cursor = input.GetRowCursor(missing);
            var stores = missing.Select(ColumnStore.Create).ToArray();
            var writers = missing.Select((column, index) => stores[index].Writer(cursor, column)).ToArray();
            var count = 0;
            for (; cursor.MoveNext(); count++)
            {
                foreach (var write in writers)
                {
                    write(count);
                }
            }

            if (_count >= 0 && _count != count)
            {
                throw new InvalidOperationException($"the cached data had {_count} rows and now has {count}: cache data that does not change");
            }

            for (var i = 0; i < missing.Length; i++)
            {
                _stores[missing[i].Index] = stores[i];
            }

            Volatile.Write(ref _count, count);
            return count;
        }
    }

    private sealed class Cursor(CacheDataView view, DataViewSchema.Column[] columnsNeeded, Random? rand) : DataViewRowCursor
    {
        private readonly ActiveColumns _active = new(view.Schema, columnsNeeded);
        private int[]? _order;
        private int _count = -1;
        private int _position = -1;

        public override long Position => _position;

        public override long Batch => 0;

        public override DataViewSchema Schema => view.Schema;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new DataViewRowId((ulong)Slot(), 0);

        public override bool IsColumnActive(DataViewSchema.Column column) => _active[column];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            CheckActive(column);
            if (typeof(TValue) != column.Type.RawType)
            {
                return Typed<TValue>(column, null);
            }

            ValueGetter<TValue>? getter = null;
            return (ref TValue value) =>
            {
                getter ??= (ValueGetter<TValue>)view._stores[column.Index]!.Getter(Slot);
                getter(ref value);
            };
        }

        public override bool MoveNext()
        {
            if (_count < 0)
            {
                _count = view.Fill(columnsNeeded);
                if (rand is not null)
                {
                    _order = [.. Enumerable.Range(0, _count)];
                    rand.Shuffle(_order);
                }
            }

            if (_position + 1 >= _count)
            {
                return false;
            }

            _position++;
            return true;
        }

        private int Slot() => _position < 0
            ? throw new InvalidOperationException("the cursor stands before the first row: call MoveNext first")
            : _order?[_position] ?? _position;
    }
}
