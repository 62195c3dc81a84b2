namespace MLNetCnn.Pipelines;

/// <summary>The rows of <paramref name="input"/> for which a predicate holds.</summary>
/// <param name="input">The rows to choose from.</param>
/// <param name="dependencies">The columns that the predicate reads.</param>
/// <param name="predicate">Makes the predicate of a cursor's current row.</param>
/// <param name="isSplit">Whether it is a part of a random split.</param>
internal sealed class RowFilter(IDataView input, DataViewSchema.Column[] dependencies, Func<DataViewRow, Func<bool>> predicate, bool isSplit = false) : DataView
{
    public override int Splits => SplitsOf(input) + (isSplit ? 1 : 0);

    public override DataViewSchema Schema => input.Schema;

    public override bool CanShuffle => input.CanShuffle;

    public override long? GetRowCount() => null;

    protected override DataViewRowCursor Open(DataViewSchema.Column[] columnsNeeded, Random? rand)
    {
        var cursor = input.GetRowCursor([.. columnsNeeded, .. dependencies], rand);
        return new Cursor(cursor, columnsNeeded, predicate(cursor));
    }

    private sealed class Cursor(DataViewRowCursor input, DataViewSchema.Column[] columnsNeeded, Func<bool> accepts)
        : WrappingCursor(input, columnsNeeded)
    {
        protected override bool MoveNextCore()
        {
            while (Input.MoveNext())
            {
                if (accepts())
                {
                    return true;
                }
            }

            return false;
        }
    }
}
