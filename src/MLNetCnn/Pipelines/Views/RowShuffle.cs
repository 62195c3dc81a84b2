namespace MLNetCnn.Pipelines;

/// <summary>
/// The rows of a view in a random order: each row is drawn from a pool of the next ones, so that memory holds the pool only. The
/// same seed gives every cursor the same order.
/// </summary>
internal sealed class RowShuffle(IDataView input, int seed, int poolSize, bool shuffleSource) : DataView
{
    public override int Splits => SplitsOf(input);

    public override DataViewSchema Schema => input.Schema;

    public override bool CanShuffle => true;

    public override long? GetRowCount() => input.GetRowCount();

    protected override DataViewRowCursor Open(DataViewSchema.Column[] columnsNeeded, Random? rand)
    {
        var random = new Random(rand?.Next() ?? seed);
        var source = shuffleSource && input.CanShuffle ? new Random(random.Next()) : null;
        return new Cursor(input.GetRowCursor(columnsNeeded, source), columnsNeeded, random, poolSize);
    }

    private sealed class Cursor : WrappingCursor
    {
        private readonly Random _random;
        private readonly int _poolSize;
        private readonly ColumnStore?[] _stores;
        private readonly List<DataViewRowId> _ids = [];
        private readonly ValueGetter<DataViewRowId> _readId;
        private readonly Action<int>[] _writers;
        private readonly List<int> _waiting = [];
        private int _drawn = -1;

        public Cursor(DataViewRowCursor input, DataViewSchema.Column[] columnsNeeded, Random random, int poolSize)
            : base(input, columnsNeeded)
        {
            (_random, _poolSize, _readId) = (random, poolSize, input.GetIdGetter());
            _stores = new ColumnStore?[input.Schema.Count];
            var columns = columnsNeeded.DistinctBy(column => column.Index).ToArray();
            foreach (var column in columns)
            {
                _stores[column.Index] = ColumnStore.Create(column);
            }

            _writers = [.. columns.Select(column => _stores[column.Index]!.Writer(input, column))];
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = _ids[Slot()];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            CheckActive(column);
            return Typed<TValue>(column, _stores[column.Index]!.Getter(Slot));
        }

        protected override bool MoveNextCore()
        {
            // The slot of the row that was shown last is free now.
            if (_drawn >= 0 && Input.MoveNext())
            {
                Store(_drawn);
            }

            while (_waiting.Count < _poolSize && _ids.Count < _poolSize && Input.MoveNext())
            {
                Store(_ids.Count);
            }

            if (_waiting.Count == 0)
            {
                return false;
            }

            var draw = _random.Next(_waiting.Count);
            _drawn = _waiting[draw];
            _waiting[draw] = _waiting[^1];
            _waiting.RemoveAt(_waiting.Count - 1);
            return true;
        }

        private void Store(int slot)
        {
            foreach (var write in _writers)
            {
                write(slot);
            }

            var id = default(DataViewRowId);
            _readId(ref id);
            if (slot < _ids.Count)
            {
                _ids[slot] = id;
            }
            else
            {
                _ids.Add(id);
            }

            _waiting.Add(slot);
        }

        private int Slot() => _drawn >= 0 ? _drawn : throw new InvalidOperationException("the cursor stands before the first row: call MoveNext first");
    }
}
