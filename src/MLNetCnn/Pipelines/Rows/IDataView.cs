namespace MLNetCnn.Pipelines;

/// <summary>
/// A table that is read lazily: rows are produced by cursors, values by getters, and a column that nobody asks for is never
/// computed. A view is immutable; any number of cursors may read it at once, each on its own thread.
/// </summary>
public interface IDataView
{
    /// <summary>The columns.</summary>
    DataViewSchema Schema { get; }

    /// <summary>Whether a cursor opened with a random generator gives the rows in another order.</summary>
    bool CanShuffle { get; }

    /// <summary>The number of rows where it is known without reading them, else null.</summary>
    long? GetRowCount();

    /// <summary>Opens a cursor before the first row.</summary>
    /// <param name="columnsNeeded">The columns that will be active: only their getters can be had.</param>
    /// <param name="rand">Shuffles the rows where <see cref="CanShuffle"/>; null: the view's own order.</param>
    DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null);

    /// <summary>Opens up to <paramref name="n"/> cursors that together give every row once; at least one is returned.</summary>
    DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null);
}

/// <summary>
/// Reads a column's value at the row's current position into <paramref name="value"/>. What <paramref name="value"/> held before
/// may be reused as a buffer; the result belongs to the caller.
/// </summary>
public delegate void ValueGetter<TValue>(ref TValue value);

/// <summary>One row; its getters are had once and called for every position. Not safe for several threads.</summary>
public abstract class DataViewRow : IDisposable
{
    /// <summary>The current position, from 0; −1 before the first row.</summary>
    public abstract long Position { get; }

    /// <summary>Orders the batches of a cursor set; 0 where there are none.</summary>
    public abstract long Batch { get; }

    /// <summary>The columns.</summary>
    public abstract DataViewSchema Schema { get; }

    /// <summary>The getter of the row's identity, which stays the same however the rows are ordered.</summary>
    public abstract ValueGetter<DataViewRowId> GetIdGetter();

    /// <summary>Whether <paramref name="column"/> was asked for when the row was made.</summary>
    public abstract bool IsColumnActive(DataViewSchema.Column column);

    /// <summary>The getter of an active column; <typeparamref name="TValue"/> is exactly the raw type of the column's type.</summary>
    /// <exception cref="InvalidOperationException">The column is not active, or its values are of another type.</exception>
    public abstract ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the row holds; called once or more.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }

    /// <summary>Throws unless <paramref name="column"/> is an active column of this row.</summary>
    /// <exception cref="InvalidOperationException">It is not.</exception>
    protected void CheckActive(DataViewSchema.Column column)
    {
        if (column.Type is null || column.Index >= Schema.Count || Schema[column.Index].Name != column.Name)
        {
            throw new InvalidOperationException($"column '{column.Name}' is not of this row's schema ({Schema}): take it from the row's Schema");
        }

        if (!IsColumnActive(column))
        {
            throw new InvalidOperationException(
                $"column '{column.Name}' ({column.Type}) is not active here: name it among the columnsNeeded of GetRowCursor");
        }
    }

    /// <summary><paramref name="getter"/> as a getter of <typeparamref name="TValue"/>.</summary>
    /// <exception cref="InvalidOperationException">The column's values are of another type.</exception>
    protected internal static ValueGetter<TValue> Typed<TValue>(DataViewSchema.Column column, Delegate? getter) =>
        getter as ValueGetter<TValue> ?? throw new InvalidOperationException(
            $"column '{column.Name}' is {column.Type}: read it with GetGetter<{ClrTypeName.Of(column.Type.RawType)}>, not GetGetter<{ClrTypeName.Of(typeof(TValue))}>");
}

/// <summary>A row that moves through a view, once, from before the first to after the last.</summary>
public abstract class DataViewRowCursor : DataViewRow
{
    /// <summary>Moves to the next row; false after the last.</summary>
    public abstract bool MoveNext();
}
