using Microsoft.ML;

namespace MLNetCnn.MicrosoftML.Views;

/// <summary>A view of ML.NET's as one of this library's: its images and its labels, read as they are asked for.</summary>
/// <param name="view">ML.NET's view.</param>
/// <param name="columns">The columns that are read of it.</param>
/// <param name="order">The seed of the order in which every cursor reads it; null for the order that each is asked for.</param>
internal sealed class ImageView(IDataView view, ImageColumns columns, int? order = null) : Pipelines.IDataView
{
    public Pipelines.DataViewSchema Schema => columns.Schema;

    public bool CanShuffle => view.CanShuffle;

    public long? GetRowCount() => view.GetRowCount();

    public Pipelines.DataViewRowCursor GetRowCursor(IEnumerable<Pipelines.DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new ImageCursor(view.GetRowCursor(columns.Sources(columnsNeeded), order is { } seed ? new Random(seed) : rand), columns);

    public Pipelines.DataViewRowCursor[] GetRowCursorSet(IEnumerable<Pipelines.DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [.. view.GetRowCursorSet(columns.Sources(columnsNeeded), n, rand).Select(cursor => new ImageCursor(cursor, columns))];
}
