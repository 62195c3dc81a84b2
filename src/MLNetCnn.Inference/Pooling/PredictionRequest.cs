using MLNetCnn.Imaging;

namespace MLNetCnn.Inference.Pooling;

/// <summary>Images that wait for their predictions.</summary>
internal sealed class PredictionRequest(string modelName, IReadOnlyList<Func<int, MLImage>> images)
{
    private IReadOnlyList<Func<int, MLImage>>? _images = images;

    // The caller goes on in the thread pool: a worker's time is for predictions.
    private readonly TaskCompletionSource<IReadOnlyList<PredictionOutcome>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PredictionOutcome[] _outcomes = new PredictionOutcome[images.Count];

    public string ModelName => modelName;

    public int Count => _outcomes.Length;

    public Task<IReadOnlyList<PredictionOutcome>> Answer => _answer.Task;

    /// <summary>Decodes the images one by one, as they are asked for; those that can't be read have their outcome then, the others come back with their positions.</summary>
    /// <remarks>What else goes wrong fails the request, and ends it.</remarks>
    public IEnumerable<(int Position, MLImage Image)> Decode(int channels)
    {
        for (var i = 0; i < Count && _images is { } images; i++)
        {
            if (TryDecode(images[i], i, channels) is { } image)
            {
                yield return (i, image);
            }
        }
    }

    public void Set(int position, ImagePrediction prediction) => _outcomes[position] = new PredictionOutcome(prediction, null);

    public void Finish() => _answer.TrySetResult(_outcomes);

    public void Fail(Exception exception)
    {
        _answer.TrySetException(exception);
        _images = null;
    }

    /// <summary>Nobody waits for the answer any more: what the images hold is given back, though the request stays in its place in the queue.</summary>
    public void GiveUp(CancellationToken cancellation)
    {
        _answer.TrySetCanceled(cancellation);
        _images = null;
    }

    private MLImage? TryDecode(Func<int, MLImage> decode, int position, int channels)
    {
        try
        {
            return decode(channels);
        }
        catch (ImageFormatException exception)
        {
            _outcomes[position] = new PredictionOutcome(null, exception);
        }
        catch (Exception exception)
        {
            // What is wrong with one request is no other's problem.
            Fail(exception);
        }

        return null;
    }
}
