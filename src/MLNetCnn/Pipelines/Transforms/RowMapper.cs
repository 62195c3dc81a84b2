namespace MLNetCnn.Pipelines;

/// <summary>The rows that a list of output columns makes of rows of the input schema.</summary>
internal sealed class RowMapper : IRowToRowMapper
{
    private readonly OutputColumn[] _columns;

    public RowMapper(DataViewSchema inputSchema, OutputColumn[] columns)
    {
        _columns = columns;
        InputSchema = inputSchema;
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(columns.Select(column => column.Column));
        OutputSchema = builder.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        dependingColumns.SelectMany(column => _columns[column.Index].Dependencies).DistinctBy(column => column.Index);

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) => new Row(new Getters(this, input, null, activeColumns));

    public DataViewRowCursor GetCursor(CursorFactory input, DataViewSchema.Column[] activeColumns)
    {
        var cursor = input(GetDependencies(activeColumns));
        return new Cursor(cursor, new Getters(this, cursor, input, activeColumns));
    }

    /// <summary>The getters of one mapped row, made for its active columns.</summary>
    private sealed class Getters : IDisposable
    {
        private readonly MappingContext _context;
        private readonly Delegate?[] _computed;

        public Getters(RowMapper mapper, DataViewRow input, CursorFactory? cursors, IEnumerable<DataViewSchema.Column> activeColumns)
        {
            Mapper = mapper;
            Active = new ActiveColumns(mapper.OutputSchema, activeColumns);
            _context = new MappingContext(input, cursors);
            _computed = [.. mapper._columns.Select((column, index) => Active[index] ? column.Getter?.Invoke(_context) : null)];
        }

        public RowMapper Mapper { get; }

        public ActiveColumns Active { get; }

        public DataViewRow Input => _context.Input;

        public ValueGetter<T> Get<T>(DataViewSchema.Column column, Func<DataViewSchema.Column, Delegate?, ValueGetter<T>> typed)
        {
            var output = Mapper._columns[column.Index];
            return output.Getter is null ? Input.GetGetter<T>(output.Dependencies[0]) : typed(column, _computed[column.Index]);
        }

        public void Dispose() => _context.Dispose();
    }

    private sealed class Row(Getters getters) : DataViewRow
    {
        public override long Position => getters.Input.Position;

        public override long Batch => getters.Input.Batch;

        public override DataViewSchema Schema => getters.Mapper.OutputSchema;

        public override ValueGetter<DataViewRowId> GetIdGetter() => getters.Input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => getters.Active[column];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            CheckActive(column);
            return getters.Get<TValue>(column, Typed<TValue>);
        }

        protected override void Dispose(bool disposing)
        {
            getters.Dispose();
            base.Dispose(disposing);
        }
    }

    private sealed class Cursor(DataViewRowCursor input, Getters getters) : DataViewRowCursor
    {
        private readonly Row _row = new(getters);

        public override long Position => _row.Position;

        public override long Batch => _row.Batch;

        public override DataViewSchema Schema => _row.Schema;

        public override ValueGetter<DataViewRowId> GetIdGetter() => _row.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => _row.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _row.GetGetter<TValue>(column);

        public override bool MoveNext() => input.MoveNext();

        protected override void Dispose(bool disposing)
        {
            _row.Dispose();
            base.Dispose(disposing);
        }
    }
}

/// <summary>A view through a <see cref="RowMapper"/>.</summary>
internal sealed class MappedDataView(IDataView input, RowMapper mapper) : DataView
{
    public override DataViewSchema Schema => mapper.OutputSchema;

    public override int Splits => SplitsOf(input);

    public override bool CanShuffle => input.CanShuffle;

    public override long? GetRowCount() => input.GetRowCount();

    protected override DataViewRowCursor Open(DataViewSchema.Column[] columnsNeeded, Random? rand)
    {
        var seed = rand?.Next();
        return mapper.GetCursor(needed => input.GetRowCursor(needed, seed is { } order ? new Random(order) : null), columnsNeeded);
    }
}
