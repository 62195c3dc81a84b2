using MLNetCnn.Imaging;

namespace MLNetCnn.Data;

/// <summary>
/// A set of cached images as a view: <c>Image</c> (<see cref="ImageDataViewType"/> of the set's size) and <c>Label</c> (a key with
/// the class names as key values). An image is copied out of the cache only when its getter is called.
/// </summary>
/// <param name="images">The images; they must outlive the view.</param>
public sealed class ImageDataView(ImageSet images) : IDataView
{
    /// <summary>The name of the column of images.</summary>
    public const string ImageColumn = "Image";

    /// <summary>The name of the column of classes.</summary>
    public const string LabelColumn = "Label";

    /// <summary>The images.</summary>
    public ImageSet Images { get; } = images;

    /// <inheritdoc/>
    public DataViewSchema Schema { get; } = CreateSchema(images);

    /// <summary>True: any row can be read at any time.</summary>
    public bool CanShuffle => true;

    /// <inheritdoc/>
    public long? GetRowCount() => Images.Count;

    /// <inheritdoc/>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        ArgumentNullException.ThrowIfNull(columnsNeeded);
        var order = Enumerable.Range(0, Images.Count).ToArray();
        rand?.Shuffle(order);
        return new Cursor(this, [.. columnsNeeded.Select(column => column.Index)], order, 0, 1);
    }

    /// <inheritdoc/>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        ArgumentNullException.ThrowIfNull(columnsNeeded);
        int[] active = [.. columnsNeeded.Select(column => column.Index)];
        var order = Enumerable.Range(0, Images.Count).ToArray();
        rand?.Shuffle(order);
        var cursors = Math.Clamp(n, 1, Math.Max(1, Images.Count));
        return [.. Enumerable.Range(0, cursors).Select(part => new Cursor(this, active, order, part, cursors))];
    }

    private static DataViewSchema CreateSchema(ImageSet images)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(ImageColumn, new ImageDataViewType(images.Height, images.Width));
        builder.AddColumn(LabelColumn, new KeyDataViewType(typeof(uint), images.ClassNames.Count), AnnotationUtils.KeyValues(images.ClassNames));
        return builder.ToSchema();
    }

    // Every `step`th row of the order, from `first`: the cursors of a set share the rows out between them.
    private sealed class Cursor(ImageDataView view, int[] active, int[] order, int first, int step) : DataViewRowCursor
    {
        private long _position = -1;

        public override long Position => _position;

        public override long Batch => _position < 0 ? 0 : first + (_position * step);

        public override DataViewSchema Schema => view.Schema;

        private int Row => _position < 0
            ? throw new InvalidOperationException("the cursor stands before the first row: call MoveNext first")
            : order[first + (_position * step)];

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new DataViewRowId((ulong)Row, 0);

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            CheckActive(column);
            return Typed<TValue>(column, column.Name == ImageColumn
                ? (ValueGetter<MLImage>)((ref MLImage value) => value = view.Images.Image(Row))
                : (ValueGetter<uint>)((ref uint value) => value = (uint)view.Images.Labels[Row] + 1));
        }

        public override bool MoveNext()
        {
            if (first + ((_position + 1) * step) >= order.Length)
            {
                return false;
            }

            _position++;
            return true;
        }
    }
}
