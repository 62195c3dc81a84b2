using Microsoft.Extensions.DependencyInjection;

namespace MLNetCnn.Inference.Pooling;

/// <summary>Says which models a <see cref="PredictionEnginePool{TData, TPrediction}"/> has, as ML.NET's builder.</summary>
/// <inheritdoc cref="PredictionEngine{TData, TPrediction}"/>
public sealed class PredictionEnginePoolBuilder<TData, TPrediction>
    where TData : class
    where TPrediction : class, new()
{
    private static readonly TimeSpan DefaultPeriod = TimeSpan.FromMinutes(5);

    internal PredictionEnginePoolBuilder(IServiceCollection services) => Services = services;

    /// <summary>The application's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The model .zip at <paramref name="filePath"/>, without a name.</summary>
    /// <inheritdoc cref="FromFile(string, string, bool)"/>
    public PredictionEnginePoolBuilder<TData, TPrediction> FromFile(string filePath, bool watchForChanges = true) => FromFile("", filePath, watchForChanges);

    /// <summary>The model .zip at <paramref name="filePath"/>, as <paramref name="modelName"/>.</summary>
    /// <param name="modelName">What <c>Predict</c> calls it; distinct in the pool.</param>
    /// <param name="filePath">The file.</param>
    /// <param name="watchForChanges">Whether a newer file takes its place while the application runs.</param>
    public PredictionEnginePoolBuilder<TData, TPrediction> FromFile(string modelName, string filePath, bool watchForChanges = true) =>
        Configure(options => options.AddFile(modelName, filePath, watchForChanges));

    /// <summary>The model .zip under <paramref name="uri"/>, without a name.</summary>
    /// <inheritdoc cref="FromUri(string, Uri, TimeSpan?)"/>
    public PredictionEnginePoolBuilder<TData, TPrediction> FromUri(Uri uri, TimeSpan? period = null) => FromUri("", uri, period);

    /// <summary>The model .zip under <paramref name="uri"/>, without a name.</summary>
    /// <inheritdoc cref="FromUri(string, Uri, TimeSpan?)"/>
    public PredictionEnginePoolBuilder<TData, TPrediction> FromUri(string uri, TimeSpan? period = null) => FromUri("", uri, period);

    /// <inheritdoc cref="FromUri(string, Uri, TimeSpan?)"/>
    public PredictionEnginePoolBuilder<TData, TPrediction> FromUri(string modelName, string uri, TimeSpan? period = null) => FromUri(modelName, new Uri(uri), period);

    /// <summary>The model .zip under <paramref name="uri"/>, as <paramref name="modelName"/>.</summary>
    /// <param name="modelName">What <c>Predict</c> calls it; distinct in the pool.</param>
    /// <param name="uri">An absolute http or https address.</param>
    /// <param name="period">How often to ask for a newer one: five minutes by default, as in ML.NET; <see cref="Timeout.InfiniteTimeSpan"/> for never.</param>
    public PredictionEnginePoolBuilder<TData, TPrediction> FromUri(string modelName, Uri uri, TimeSpan? period = null) =>
        Configure(options => options.AddUri(modelName, uri, period ?? DefaultPeriod));

    /// <summary>How the models run, and how predictions wait and share a run (<see cref="ImageModelPoolOptions.Queue"/>).</summary>
    public PredictionEnginePoolBuilder<TData, TPrediction> Configure(Action<ImageModelPoolOptions> configure)
    {
        Services.Configure(PredictionEnginePool<TData, TPrediction>.OptionsName, configure);
        return this;
    }
}
