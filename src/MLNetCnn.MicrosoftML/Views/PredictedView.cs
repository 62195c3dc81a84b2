using Microsoft.ML;
using Microsoft.ML.Data;

using MLNetCnn.Training;

namespace MLNetCnn.MicrosoftML.Views;

/// <summary>A view of ML.NET's with the columns that a classifier adds; nothing is predicted until they are read.</summary>
internal sealed class PredictedView(IDataView input, PredictedSchema schema, ImageClassificationTransformer transformer) : IDataView
{
    public DataViewSchema Schema => schema.Output;

    public bool CanShuffle => input.CanShuffle;

    public long? GetRowCount() => input.GetRowCount();

    /// <remarks>Two cursors move together, the input's and the predictions', which reads images ahead: both in one order.</remarks>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var columns = columnsNeeded.ToList();
        var seed = rand?.Next();
        var added = schema.Added(columns).ToList();
        var predictions = added.Count == 0 ? null : transformer.Transform(new ImageView(input, schema.Images, order: seed)).GetRowCursor(added);
        return new PredictedCursor(input.GetRowCursor(schema.Passed(columns), seed is { } order ? new Random(order) : null), predictions, schema);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];
}

/// <summary>Single rows of ML.NET's with the columns that a classifier adds, as a prediction engine asks for them.</summary>
internal sealed class PredictedRowMapper(PredictedSchema schema, ImageClassificationTransformer transformer) : IRowToRowMapper
{
    public DataViewSchema InputSchema => schema.Input;

    public DataViewSchema OutputSchema => schema.Output;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var columns = dependingColumns.ToList();
        return schema.Passed(columns).Concat(columns.Any(schema.IsAdded) ? [schema.Images.Image] : []).DistinctBy(column => column.Index);
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        var added = schema.Added(activeColumns).ToList();
        var predictions = added.Count == 0 ? null : transformer.GetRowToRowMapper(schema.Images.Schema).GetRow(new ImageRow(input, schema.Images), added);
        return new PredictedRow(input, predictions, schema);
    }
}
