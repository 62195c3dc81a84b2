using System.Runtime.ExceptionServices;

using MLNetCnn.Imaging;
using MLNetCnn.Inference;

namespace MLNetCnn.Training;

/// <summary>
/// The prediction of the row that a mapped row or cursor stands on, made once for all columns that ask. Rows of a cursor are
/// predicted many at a time and on all cores: a second cursor reads their images ahead. It does so only once a prediction is asked
/// for, begins with few rows, so that a look at the first ones costs little, and a row that fails fails when it is its turn.
/// </summary>
internal sealed class RowPredictions
{
    private const int MostRows = 256;
    private const int MostBytes = 16 << 20;

    private readonly ImageModel _model;
    private readonly DataViewRow _row;
    private readonly DataViewRowCursor? _ahead;
    private readonly Func<(Func<MLImage> Decode, long Bytes)> _read;
    private Outcome[] _outcomes = [];
    private long _first = -1;

    /// <param name="model">Predicts.</param>
    /// <param name="context">The row or cursor.</param>
    /// <param name="feature">The column of images, decoded or encoded.</param>
    public RowPredictions(ImageModel model, MappingContext context, DataViewSchema.Column feature)
    {
        (_model, _row, _ahead) = (model, context.Input, context.LookAhead([feature]));
        _read = ImageColumn.Reader(_ahead ?? _row, feature, model.Metadata.Preprocessing.Channels);
    }

    /// <summary>The current row's prediction.</summary>
    public ImagePrediction Current()
    {
        var index = _row.Position - _first;
        if (_row.Position < 0 || index < 0 || index >= _outcomes.Length)
        {
            Predict(_row.Position);
            index = 0;
        }

        var (prediction, error) = _outcomes[index];
        error?.Throw();
        return prediction!;
    }

    private void Predict(long position)
    {
        var wanted = _ahead is not null && position == _first + _outcomes.Length ? Math.Clamp(2 * _outcomes.Length, 1, MostRows) : 1;
        while (_ahead is not null && _ahead.Position < position && _ahead.MoveNext())
        {
        }

        var first = _read();
        List<Func<MLImage>> images = [first.Decode];
        var bytes = first.Bytes;
        while (images.Count < wanted && bytes < MostBytes && ReadNext() is { } next)
        {
            images.Add(next.Decode);
            bytes += next.Bytes;
        }

        _outcomes = images.Count == 1
            ? Outcomes([first.Decode])
            : [.. images.Chunk(Math.Max(1, images.Count / Environment.ProcessorCount)).AsParallel().AsOrdered().SelectMany(Outcomes)];
        _first = position;
    }

    // The cursor stays on a row that cannot be read: the row is read again, and fails, when it is its turn.
    private (Func<MLImage> Decode, long Bytes)? ReadNext()
    {
        try
        {
            return _ahead!.MoveNext() ? _read() : null;
        }
        catch (Exception)
        {
            return null;
        }
    }

    private Outcome[] Outcomes(Func<MLImage>[] decoders)
    {
        var images = decoders.Select(Attempt).ToArray();
        var readable = images.Select(image => image.Value).OfType<MLImage>().ToArray();
        var predictions = Attempt(() => _model.PredictBatch(readable));
        var next = 0;
        return [.. images.Select(image => image.Value is null ? new(null, image.Error) : new Outcome(predictions.Value?[next++], predictions.Error))];
    }

    private static (T? Value, ExceptionDispatchInfo? Error) Attempt<T>(Func<T> work)
        where T : class
    {
        try
        {
            return (work(), null);
        }
        catch (Exception error)
        {
            return (null, ExceptionDispatchInfo.Capture(error));
        }
    }

    private readonly record struct Outcome(ImagePrediction? Prediction, ExceptionDispatchInfo? Error);
}
