using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

using MLNetCnn.Inference.Pooling;
using MLNetCnn.Serving.Http;
using MLNetCnn.Serving.Metrics;

namespace MLNetCnn.Serving;

/// <summary>Image classification as an ASP.NET Core application's service.</summary>
public static class ImageClassificationServices
{
    /// <summary>The document of <c>/openapi/v1.json</c>.</summary>
    internal const string OpenApiDocument = "v1";

    /// <summary>The health check that is well when every model answers.</summary>
    internal const string ReadyTag = "ready";

    /// <summary>
    /// Adds what <see cref="ImageClassificationEndpoints.MapImageClassification"/> needs:
    /// <c>builder.Services.AddImageClassification().FromFile("model.zip")</c>. The models load when the application starts; a
    /// request that comes earlier is answered with 503.
    /// </summary>
    public static ImageClassificationBuilder AddImageClassification(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(PredictionQueue)))
        {
            return new ImageClassificationBuilder(services);
        }

        services.AddOptions<ImageClassificationOptions>().ValidateOnStart();
        services.AddSingleton<IValidateOptions<ImageClassificationOptions>, ImageClassificationValidation>();
        services.AddSingleton(provider => new ImageModelPool(Options(provider).Models, provider.GetService<ILogger<ImageModelPool>>()));
        services.AddSingleton(provider => new PredictionQueue(provider.GetRequiredService<ImageModelPool>(), Options(provider).Models.Queue));
        services.AddSingleton<BodyBudget>();
        services.AddSingleton<ServiceMetrics>();
        services.AddHostedService<ModelLoader>();
        services.AddMetrics();
        services.AddHealthChecks().AddCheck<ModelHealth>("models", tags: [ReadyTag]);
        services.AddOpenApi(OpenApiDocument, OpenApiDescription.Configure);
        return new ImageClassificationBuilder(services);
    }

    private static ImageClassificationOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<ImageClassificationOptions>>().Value;
}
