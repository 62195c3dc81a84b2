namespace MLNetCnn.Pipelines;

/// <summary>A cursor with the schema and the row identities of the one below it; owns and disposes it.</summary>
internal abstract class WrappingCursor(DataViewRowCursor input, IEnumerable<DataViewSchema.Column> columnsNeeded) : DataViewRowCursor
{
    private readonly ActiveColumns _active = new(input.Schema, columnsNeeded);
    private long _position = -1;

    public override long Position => _position;

    public override long Batch => Input.Batch;

    public override DataViewSchema Schema => Input.Schema;

    protected DataViewRowCursor Input { get; } = input;

    public override ValueGetter<DataViewRowId> GetIdGetter() => Input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        CheckActive(column);
        return Input.GetGetter<TValue>(column);
    }

    public sealed override bool MoveNext()
    {
        if (!MoveNextCore())
        {
            return false;
        }

        _position++;
        return true;
    }

    protected abstract bool MoveNextCore();

    protected override void Dispose(bool disposing)
    {
        Input.Dispose();
        base.Dispose(disposing);
    }
}
