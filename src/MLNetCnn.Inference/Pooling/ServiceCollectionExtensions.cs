using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MLNetCnn.Inference.Pooling;

/// <summary>Prediction as an application's service.</summary>
public static class ServiceCollectionExtensions
{
    /// <summary>
    /// Adds a <see cref="PredictionEnginePool{TData, TPrediction}"/>: <c>services.AddPredictionEnginePool&lt;TData,
    /// TPrediction&gt;().FromFile("model.zip")</c>, as in ML.NET.
    /// </summary>
    /// <inheritdoc cref="PredictionEngine{TData, TPrediction}"/>
    public static PredictionEnginePoolBuilder<TData, TPrediction> AddPredictionEnginePool<TData, TPrediction>(this IServiceCollection services)
        where TData : class
        where TPrediction : class, new()
    {
        services.AddOptions();
        services.TryAddSingleton<PredictionEnginePool<TData, TPrediction>>();
        return new PredictionEnginePoolBuilder<TData, TPrediction>(services);
    }
}
