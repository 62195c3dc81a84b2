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

    /// <summary>Decodes the images; those that can't be read have their outcome then, the others come back with their positions.</summary>
    public List<(int Position, MLImage Image)> Decode(int channels)
    {
        var decoded = new List<(int, MLImage)>(images.Count);
        for (var i = 0; i < images.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                decoded.Add((i, images[i](channels)));
            }
            catch (ImageFormatException exception)
            {
                _outcomes[i] = new PredictionOutcome(null, exception);
            }
        }

        return decoded;
    }

    public void Set(int position, ImagePrediction prediction) => _outcomes[position] = new PredictionOutcome(prediction, null);

    public void Finish() => _answer.TrySetResult(_outcomes);

    public void Fail(Exception exception) => _answer.TrySetException(exception);
}
