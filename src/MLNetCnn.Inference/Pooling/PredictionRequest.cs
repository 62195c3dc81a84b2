using MLNetCnn.Imaging;

namespace MLNetCnn.Inference.Pooling;

/// <summary>Images that wait for their predictions.</summary>
internal sealed class PredictionRequest(string modelName, IReadOnlyList<Func<int, MLImage>> images, CancellationToken cancellationToken)
{
    // The caller goes on in the thread pool: a worker's time is for predictions.
    private readonly TaskCompletionSource<IReadOnlyList<PredictionOutcome>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PredictionOutcome[] _outcomes = new PredictionOutcome[images.Count];

    public string ModelName => modelName;

    public int Count => images.Count;

    public Task<IReadOnlyList<PredictionOutcome>> Answer => _answer.Task;

    /// <summary>Decodes the images one by one, as they are asked for; those that can't be read have their outcome then, the others come back with their positions.</summary>
    /// <remarks>What else goes wrong fails the request, and ends it.</remarks>
    public IEnumerable<(int Position, MLImage Image)> Decode(int channels)
    {
        for (var i = 0; i < images.Count && !_answer.Task.IsCompleted; i++)
        {
            if (TryDecode(i, channels) is { } image)
            {
                yield return (i, image);
            }
        }
    }

    public void Set(int position, ImagePrediction prediction) => _outcomes[position] = new PredictionOutcome(prediction, null);

    public void Finish() => _answer.TrySetResult(_outcomes);

    public void Fail(Exception exception) => _answer.TrySetException(exception);

    private MLImage? TryDecode(int position, int channels)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            return images[position](channels);
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
