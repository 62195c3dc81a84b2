using Microsoft.Extensions.Logging;

namespace MLNetCnn.Inference.Pooling;

/// <summary>One name of a pool: the model that answers to it now, and the loop that replaces it when its source changes.</summary>
internal sealed partial class PooledModel : IDisposable
{
    private readonly IModelSource _source;
    private readonly ImageModelOptions _options;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _swap = new();
    private readonly Lazy<Task> _firstLoad;
    private SharedModel? _current;
    private int _waiting;
    private string? _refused;
    private bool _disposed;
    private volatile ModelStatus _status;

    public PooledModel(string name, IModelSource source, ImageModelOptions options, ILogger logger)
    {
        _source = source;
        _options = options;
        _logger = logger;
        _status = new ModelStatus(name, null, null, 0, 0, null);
        _firstLoad = new Lazy<Task>(() => Task.Run(StartAsync));
    }

    public ModelStatus Status => _status;

    /// <summary>The first load, whose failure is the load's; nothing where there is a model by now.</summary>
    public Task LoadAsync() => Volatile.Read(ref _current) is null ? _firstLoad.Value : Task.CompletedTask;

    /// <summary>Waits for the first load, beside so many others at most; not at all where there is a model.</summary>
    /// <exception cref="PredictionQueueFullException">As many wait already.</exception>
    public async Task WaitAsync(int most, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _current) is not null)
        {
            return;
        }

        try
        {
            if (Interlocked.Increment(ref _waiting) > most)
            {
                throw new PredictionQueueFullException(most);
            }

            await LoadAsync().WaitAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>The model; waits for the first load.</summary>
    /// <exception cref="ModelFormatException">There is no model yet, because loading failed.</exception>
    public ModelLease Rent()
    {
        while (true)
        {
            var current = Volatile.Read(ref _current);
            if (current is null)
            {
                LoadAsync().GetAwaiter().GetResult();
                ObjectDisposedException.ThrowIf(_disposed, this);
            }
            else if (current.TryLease() is { } lease)
            {
                return lease;
            }
        }
    }

    /// <summary>Ends a load under way: whoever waits for it waits no longer.</summary>
    public void StopLoading() => _stopping.Cancel();

    public void Dispose()
    {
        StopLoading();
        lock (_swap)
        {
            _disposed = true;
            Interlocked.Exchange(ref _current, null)?.Release();
        }
    }

    private async Task StartAsync()
    {
        try
        {
            await LoadIfChangedAsync();
        }
        finally
        {
            if (_source.Period is { } period)
            {
                _ = WatchAsync(period);
            }
        }
    }

    private async Task WatchAsync(TimeSpan period)
    {
        using var timer = new PeriodicTimer(period);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                try
                {
                    await LoadIfChangedAsync();
                }
                catch (Exception exception) when (exception is not OperationCanceledException || !_stopping.IsCancellationRequested)
                {
                    // It is in the status and in the log; the model before goes on answering.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The pool was disposed.
        }
    }

    private async Task LoadIfChangedAsync()
    {
        try
        {
            await using var stream = await _source.OpenIfChangedAsync(_stopping.Token);
            if (stream is null)
            {
                // The source is there again, and what it holds is what was loaded, or refused, before.
                _status = _status with { Error = _refused };
                return;
            }

            Take(Load(stream));
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !_stopping.IsCancellationRequested)
        {
            if (exception.Message != _status.Error)
            {
                LogFailure(_status.Name, _status.Version is { } version ? $"version {version}" : "nothing", exception.Message);
            }

            _status = _status with { Error = exception.Message, Failures = _status.Failures + 1 };
            throw;
        }
    }

    private ImageModel Load(Stream stream)
    {
        try
        {
            var model = ImageModel.Load(stream, _options, _source.Description);
            _refused = null;
            return model;
        }
        catch (ModelFormatException exception) when (!IsPassing(exception.InnerException))
        {
            _refused = exception.Message;
            throw;
        }
        catch
        {
            // A disk that failed, or memory that ran out, says nothing of the file.
            _source.Forget();
            throw;
        }
    }

    // Reading failed, which is not to say that the file ended too early.
    private static bool IsPassing(Exception? cause) => cause is not null && (cause is IOException and not EndOfStreamException || IsPassing(cause.InnerException));

    private void Take(ImageModel model)
    {
        SharedModel? replaced;
        lock (_swap)
        {
            if (_disposed || model.Version == _status.Version)
            {
                model.Dispose();
                _status = _status with { Error = null };
                return;
            }

            replaced = Interlocked.Exchange(ref _current, new SharedModel(model));
            _status = _status with { Version = model.Version, LoadedAt = DateTimeOffset.UtcNow, Error = null, Reloads = _status.Reloads + (replaced is null ? 0 : 1) };
        }

        replaced?.Release();
        UnusedMemory.GiveBack();
        LogLoaded(_status.Name, model.Version);
    }

    [LoggerMessage(1, LogLevel.Information, "model '{model}': version {version} answers")]
    private partial void LogLoaded(string model, string version);

    [LoggerMessage(2, LogLevel.Error, "model '{model}' was not loaded, {version} goes on answering: {problem}")]
    private partial void LogFailure(string model, string version, string problem);
}
