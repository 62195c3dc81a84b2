using System.Collections.Concurrent;
using System.Diagnostics;

using MLNetCnn.Imaging;

namespace MLNetCnn.Inference.Pooling;

/// <summary>
/// Runs predictions on threads of its own, so many at a time as the machine has processors, and refuses what it cannot run soon:
/// the thread pool stays free for requests that come in. First come, first served. Thread-safe.
/// </summary>
public sealed class PredictionQueue : IDisposable
{
    private const long MostDecodedBytes = 64 << 20;

    private readonly ImageModelPool _pool;
    private readonly PredictionQueueOptions _options;
    private readonly BlockingCollection<PredictionRequest> _waiting;
    private readonly List<Thread> _workers;
    private int _running;
    private int _busy;

    /// <summary>A queue before the models of <paramref name="pool"/>, which stays the caller's to dispose, after the queue.</summary>
    public PredictionQueue(ImageModelPool pool, PredictionQueueOptions options)
    {
        _pool = pool;
        _options = options;
        _waiting = new BlockingCollection<PredictionRequest>(options.Capacity);
        _workers = [.. Enumerable.Range(0, options.Workers).Select(_ => new Thread(Work) { IsBackground = true, Name = "predictions" })];
        _workers.ForEach(worker => worker.Start());
    }

    /// <summary>The most requests that may wait.</summary>
    public int Capacity => _options.Capacity;

    /// <summary>Requests that wait for a worker.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Requests that are decoded or predicted now.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Decodes and predicts images, in their order, all by one version of the model.</summary>
    /// <param name="modelName">The model's name in the pool.</param>
    /// <param name="images">Each gives its image with so many channels (1 or 3), or throws <see cref="ImageFormatException"/>; run by a worker.</param>
    /// <param name="cancellationToken">Gives up what waits; a prediction that runs already ends for nothing.</param>
    /// <exception cref="PredictionQueueFullException">As many requests wait as may.</exception>
    /// <exception cref="ObjectDisposedException">The queue is closed.</exception>
    public async Task<IReadOnlyList<PredictionOutcome>> PredictAsync(string modelName, IReadOnlyList<Func<int, MLImage>> images, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_waiting.IsAddingCompleted, this);
        var request = new PredictionRequest(modelName, images);
        if (!_waiting.TryAdd(request))
        {
            throw new PredictionQueueFullException(_options.Capacity);
        }

        using var givingUp = cancellationToken.Register(() => request.GiveUp(cancellationToken));
        return await request.Answer;
    }

    /// <summary>Takes no more requests, and waits for those that it has.</summary>
    public void Dispose()
    {
        if (!_waiting.IsAddingCompleted)
        {
            _waiting.CompleteAdding();
            _workers.ForEach(worker => worker.Join());
        }
    }

    private void Work()
    {
        // One that was too large to go with those before it: the next then.
        PredictionRequest? held = null;
        while ((held ?? Next()) is { } first)
        {
            Interlocked.Increment(ref _busy);
            var requests = Collect(first, out held);
            Interlocked.Add(ref _running, requests.Count);
            foreach (var sameModel in requests.GroupBy(request => request.ModelName, StringComparer.OrdinalIgnoreCase))
            {
                Answer(sameModel.Key, [.. sameModel]);
            }

            Interlocked.Decrement(ref _busy);
            Interlocked.Add(ref _running, -requests.Count);
        }
    }

    // Null where the queue is closed and empty.
    private PredictionRequest? Next() => _waiting.TryTake(out var request, Timeout.Infinite) ? request : null;

    private List<PredictionRequest> Collect(PredictionRequest first, out PredictionRequest? tooLarge)
    {
        tooLarge = null;
        var requests = new List<PredictionRequest> { first };
        var start = Stopwatch.GetTimestamp();
        for (var images = first.Count; images < _options.BatchSize; images += requests[^1].Count)
        {
            var left = _options.BatchDelay - Stopwatch.GetElapsedTime(start);
            // Two workers that predict one image each are faster than one that predicts both.
            if ((left <= TimeSpan.Zero && _waiting.Count <= _options.Workers - Volatile.Read(ref _busy))
                || !_waiting.TryTake(out var next, left > TimeSpan.Zero ? left : TimeSpan.Zero))
            {
                break;
            }

            if (images + next.Count > _options.BatchSize)
            {
                tooLarge = next;
                break;
            }

            requests.Add(next);
        }

        return requests;
    }

    private void Answer(string modelName, List<PredictionRequest> requests)
    {
        try
        {
            using var lease = _pool.Rent(modelName);
            foreach (var images in Portions(requests.SelectMany(request => request.Decode(lease.Model.Channels).Select(entry => (request, entry.Position, entry.Image)))))
            {
                var predictions = lease.Model.PredictBatch([.. images.Select(entry => entry.Image)]);
                foreach (var ((request, position, _), prediction) in images.Zip(predictions))
                {
                    request.Set(position, prediction);
                }
            }

            requests.ForEach(request => request.Finish());
        }
        catch (Exception exception)
        {
            requests.ForEach(request => request.Fail(exception));
        }
    }

    // A small file may hold a large picture: only so many pixels are in memory at a time.
    private static IEnumerable<List<(PredictionRequest Request, int Position, MLImage Image)>> Portions(IEnumerable<(PredictionRequest Request, int Position, MLImage Image)> images)
    {
        var portion = new List<(PredictionRequest, int, MLImage)>();
        var bytes = 0L;
        foreach (var entry in images)
        {
            portion.Add(entry);
            bytes += (long)entry.Image.Width * entry.Image.Height * entry.Image.Channels;
            if (bytes >= MostDecodedBytes)
            {
                yield return portion;
                (portion, bytes) = ([], 0);
            }
        }

        if (portion.Count > 0)
        {
            yield return portion;
        }
    }
}
