namespace MLNetCnn.Pipelines;

/// <summary>The objects of a sequence as rows; every cursor enumerates the sequence anew, and only as far as it is moved.</summary>
internal sealed class EnumerableDataView<TRow>(IEnumerable<TRow> rows, IReadOnlyList<RowMember> members) : DataView
    where TRow : class
{
    private readonly IEnumerable<TRow> _rows = rows;
    private readonly IReadOnlyList<RowMember> _members = members;

    public override DataViewSchema Schema { get; } = RowBinding.Schema(members);

    public override bool CanShuffle => false;

    public override long? GetRowCount() => _rows.TryGetNonEnumeratedCount(out var count) ? count : null;

    protected override DataViewRowCursor Open(DataViewSchema.Column[] columnsNeeded, Random? rand) => new Cursor(this, columnsNeeded);

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly EnumerableDataView<TRow> _view;
        private readonly ActiveColumns _active;
        private readonly Delegate?[] _getters;
        private readonly IEnumerator<TRow> _rows;
        private long _position = -1;

        public Cursor(EnumerableDataView<TRow> view, DataViewSchema.Column[] columnsNeeded)
        {
            _view = view;
            _active = new ActiveColumns(view.Schema, columnsNeeded);
            _rows = view._rows.GetEnumerator();
            _getters = [.. view._members.Select((member, index) => _active[index] ? RowBinding.Getter(member, Current) : null)];
        }

        public override long Position => _position;

        public override long Batch => 0;

        public override DataViewSchema Schema => _view.Schema;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new DataViewRowId((ulong)_position, 0);

        public override bool IsColumnActive(DataViewSchema.Column column) => _active[column];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            CheckActive(column);
            return Typed<TValue>(column, _getters[column.Index]);
        }

        public override bool MoveNext()
        {
            if (!_rows.MoveNext())
            {
                return false;
            }

            _position++;
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            _rows.Dispose();
            base.Dispose(disposing);
        }

        private TRow Current() => _position < 0
            ? throw new InvalidOperationException("the cursor stands before the first row: call MoveNext first")
            : _rows.Current ?? throw new InvalidOperationException($"row {_position} of the sequence is null");
    }
}
