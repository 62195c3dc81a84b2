namespace MLNetCnn.Pipelines;

/// <summary>A row whose columns are the members of an object that can be swapped; every swap is a new position.</summary>
internal sealed class ObjectRow<TRow> : DataViewRow
    where TRow : class
{
    private readonly Delegate[] _getters;
    private TRow? _current;
    private long _position = -1;

    public ObjectRow(IReadOnlyList<RowMember> members)
    {
        Schema = RowBinding.Schema(members);
        _getters = [.. members.Select(member => RowBinding.Getter(member, () => _current!))];
    }

    public override long Position => _position;

    public override long Batch => 0;

    public override DataViewSchema Schema { get; }

    public void Show(TRow row)
    {
        _current = row;
        _position++;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new DataViewRowId((ulong)_position, 0);

    public override bool IsColumnActive(DataViewSchema.Column column) => true;

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        CheckActive(column);
        return Typed<TValue>(column, _getters[column.Index]);
    }
}
