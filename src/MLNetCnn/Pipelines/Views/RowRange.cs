namespace MLNetCnn.Pipelines;

/// <summary>The rows of <paramref name="input"/> after the first <paramref name="skip"/>, at most <paramref name="take"/> of them.</summary>
internal sealed class RowRange(IDataView input, long skip, long take) : DataView
{
    public override int Splits => SplitsOf(input);

    public override DataViewSchema Schema => input.Schema;

    // Which rows these are depends on their order.
    public override bool CanShuffle => false;

    public override long? GetRowCount() => input.GetRowCount() is { } count ? Math.Clamp(count - skip, 0, take) : null;

    protected override DataViewRowCursor Open(DataViewSchema.Column[] columnsNeeded, Random? rand) =>
        new Cursor(input.GetRowCursor(columnsNeeded), columnsNeeded, skip, take);

    private sealed class Cursor(DataViewRowCursor input, DataViewSchema.Column[] columnsNeeded, long skip, long take)
        : WrappingCursor(input, columnsNeeded)
    {
        private long _toSkip = skip;

        protected override bool MoveNextCore()
        {
            for (; _toSkip > 0; _toSkip--)
            {
                if (!Input.MoveNext())
                {
                    return false;
                }
            }

            return Position + 1 < take && Input.MoveNext();
        }
    }
}
