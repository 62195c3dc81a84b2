using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetCnn.MicrosoftML.Views;

/// <summary>A row of ML.NET's with the columns that a classifier adds: <paramref name="predictions"/> stands on the same row, or is null where none of them is active.</summary>
internal sealed class PredictedRow(DataViewRow input, Pipelines.DataViewRow? predictions, PredictedSchema schema) : DataViewRow
{
    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override DataViewSchema Schema => schema.Output;

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) =>
        schema.IsAdded(column) ? predictions?.IsColumnActive(schema.Predictions[column.Name]) == true : input.IsColumnActive(input.Schema[column.Index]);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!schema.IsAdded(column))
        {
            return input.GetGetter<TValue>(input.Schema[column.Index]);
        }

        if (!IsColumnActive(column))
        {
            throw new InvalidOperationException($"column '{column.Name}' is not active here: name it among the columnsNeeded of GetRowCursor");
        }

        return (column.Index == schema.Score.Index ? Score() : (Delegate)PredictedLabel()) as ValueGetter<TValue> ?? throw new InvalidOperationException(
            $"column '{column.Name}' is {column.Type}: read it with a getter of {column.Type.RawType}, not of {typeof(TValue)}");
    }

    protected override void Dispose(bool disposing)
    {
        predictions?.Dispose();
        input.Dispose();
        base.Dispose(disposing);
    }

    private ValueGetter<VBuffer<float>> Score()
    {
        var getter = predictions!.GetGetter<Pipelines.VBuffer<float>>(schema.Predictions[schema.Score.Name]);
        var scores = default(Pipelines.VBuffer<float>);
        return (ref VBuffer<float> value) =>
        {
            getter(ref scores);
            var editor = VBufferEditor.Create(ref value, scores.Length);
            scores.CopyTo(editor.Values);
            value = editor.Commit();
        };
    }

    private ValueGetter<uint> PredictedLabel()
    {
        var getter = predictions!.GetGetter<uint>(schema.Predictions[schema.PredictedLabel.Name]);
        return (ref uint value) => getter(ref value);
    }
}

/// <summary>Moves through rows and their predictions together.</summary>
internal sealed class PredictedCursor(DataViewRowCursor input, Pipelines.DataViewRowCursor? predictions, PredictedSchema schema) : DataViewRowCursor
{
    private readonly PredictedRow _row = new(input, predictions, schema);

    public override long Position => _row.Position;

    public override long Batch => _row.Batch;

    public override DataViewSchema Schema => _row.Schema;

    public override ValueGetter<DataViewRowId> GetIdGetter() => _row.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => _row.IsColumnActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _row.GetGetter<TValue>(column);

    public override bool MoveNext()
    {
        predictions?.MoveNext();
        return input.MoveNext();
    }

    protected override void Dispose(bool disposing)
    {
        _row.Dispose();
        base.Dispose(disposing);
    }
}
