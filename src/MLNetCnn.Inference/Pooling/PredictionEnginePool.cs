using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

using MLNetCnn.Imaging;

namespace MLNetCnn.Inference.Pooling;

/// <summary>
/// ML.NET's pool of the same name: predictions for a whole application from named models that are replaced while it runs
/// (<see cref="ImageModelPool"/>). Thread-safe; made by <see cref="ServiceCollectionExtensions.AddPredictionEnginePool"/>.
/// </summary>
/// <inheritdoc cref="PredictionEngine{TData, TPrediction}"/>
public sealed class PredictionEnginePool<TData, TPrediction> : IDisposable
    where TData : class
    where TPrediction : class, new()
{
    private readonly ImageModelPool _models;
    private readonly Lazy<PredictionQueue> _queue;

    /// <summary>A pool of the models that its <see cref="PredictionEnginePoolBuilder{TData, TPrediction}"/> was given.</summary>
    /// <exception cref="InvalidOperationException">A type's members don't fit; the message says what is missing and what is allowed.</exception>
    /// <exception cref="OptionsValidationException">The options break rules; the message says all of them.</exception>
    public PredictionEnginePool(IOptionsMonitor<ImageModelPoolOptions> options, ILogger<ImageModelPool>? logger = null)
    {
        _ = PredictionEngine<TData, TPrediction>.Columns;
        var chosen = options.Get(OptionsName);
        _models = new ImageModelPool(chosen, logger);
        _queue = new Lazy<PredictionQueue>(() => new PredictionQueue(_models, chosen.Queue));
    }

    /// <summary>The name of this pool's <see cref="ImageModelPoolOptions"/>.</summary>
    internal static string OptionsName { get; } = $"{typeof(TData).FullName} {typeof(TPrediction).FullName}";

    /// <summary>Predicts with the model that has no name.</summary>
    /// <inheritdoc cref="Predict(string, TData)"/>
    public TPrediction Predict(TData example) => Predict("", example);

    /// <summary>Predicts the class of the image in <paramref name="example"/>, on the caller's thread.</summary>
    /// <exception cref="ArgumentException">There is no model of this name, or the image is null.</exception>
    /// <exception cref="ImageFormatException">The image can't be read.</exception>
    /// <exception cref="ModelFormatException">The model could not be loaded.</exception>
    public TPrediction Predict(string modelName, TData example)
    {
        using var lease = _models.Rent(modelName);
        return lease.Model.CreatePredictionEngine<TData, TPrediction>().Predict(example);
    }

    /// <summary>Predicts with the model that has no name.</summary>
    /// <inheritdoc cref="PredictAsync(string, TData, CancellationToken)"/>
    public Task<TPrediction> PredictAsync(TData example, CancellationToken cancellationToken = default) => PredictAsync("", example, cancellationToken);

    /// <summary>
    /// Predicts the class of the image in <paramref name="example"/> when its turn comes (<see cref="PredictionQueue"/>), together
    /// with others where <see cref="PredictionQueueOptions.BatchSize"/> is above 1.
    /// </summary>
    /// <exception cref="ArgumentException">There is no model of this name, or the image is null.</exception>
    /// <exception cref="ImageFormatException">The image can't be read.</exception>
    /// <exception cref="ModelFormatException">The model could not be loaded.</exception>
    /// <exception cref="PredictionQueueFullException">As many predictions wait as may.</exception>
    public async Task<TPrediction> PredictAsync(string modelName, TData example, CancellationToken cancellationToken = default)
    {
        // A model that takes long to come keeps no worker from the others.
        await _models.WaitForAsync(modelName, _queue.Value.Capacity, cancellationToken);
        var columns = PredictionEngine<TData, TPrediction>.Columns;
        var outcome = (await _queue.Value.PredictAsync(modelName, [channels => columns.ReadImage(example, channels)], cancellationToken))[0];
        var prediction = new TPrediction();
        columns.Write(prediction, outcome.Prediction ?? throw outcome.Problem!);
        return prediction;
    }

    /// <summary>The model, until the lease is disposed.</summary>
    /// <exception cref="ArgumentException">There is no model of this name.</exception>
    /// <exception cref="ModelFormatException">The model could not be loaded.</exception>
    public ModelLease GetModel(string modelName = "") => _models.Rent(modelName);

    /// <summary>An engine over one version of the model: give it back with <see cref="ReturnPredictionEngine(PredictionEngine{TData, TPrediction})"/>.</summary>
    /// <exception cref="ArgumentException">There is no model of this name.</exception>
    /// <exception cref="ModelFormatException">The model could not be loaded.</exception>
    public PredictionEngine<TData, TPrediction> GetPredictionEngine(string modelName = "") => new(_models.Rent(modelName));

    /// <summary>Gives an engine back: a replaced model is disposed when none uses it any more.</summary>
    public void ReturnPredictionEngine(PredictionEngine<TData, TPrediction> engine) => engine.Lease?.Dispose();

    /// <summary>Gives an engine back; the name is there because ML.NET's method has it.</summary>
    public void ReturnPredictionEngine(string modelName, PredictionEngine<TData, TPrediction> engine) => ReturnPredictionEngine(engine);

    /// <summary>Waits for the predictions that are under way and lets go of the models.</summary>
    public void Dispose()
    {
        _models.StopLoading();
        if (_queue.IsValueCreated)
        {
            _queue.Value.Dispose();
        }

        _models.Dispose();
    }
}
