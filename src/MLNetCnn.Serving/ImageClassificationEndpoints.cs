using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

using MLNetCnn.Serving.Http;
using MLNetCnn.Serving.Metrics;
using MLNetCnn.Serving.Page;

namespace MLNetCnn.Serving;

/// <summary>The addresses of image classification in an ASP.NET Core application.</summary>
public static class ImageClassificationEndpoints
{
    /// <summary>
    /// Maps the models under <paramref name="prefix"/>: <c>GET {prefix}</c> (the models), <c>GET {prefix}/{name}</c> (one of them)
    /// and <c>POST {prefix}/{name}/predict?top=5</c>; and around them what <paramref name="parts"/> says. Errors are problem
    /// details (RFC 9457).
    /// </summary>
    /// <param name="app">The application, whose services have <see cref="ImageClassificationServices.AddImageClassification"/>.</param>
    /// <param name="prefix">Where the models are, for example <c>/v1/models</c>.</param>
    /// <param name="parts">Everything by default; an application leaves out what it has of its own.</param>
    /// <returns>The models' endpoints, for more conventions (authorization, rate limits, …).</returns>
    public static RouteGroupBuilder MapImageClassification(this IEndpointRouteBuilder app, string prefix = "/v1/models", ImageServiceParts parts = ImageServiceParts.All)
    {
        var models = app.MapGroup(prefix).AddEndpointFilter<RouteGroupBuilder, ProblemFilter>().AddEndpointFilter<RouteGroupBuilder, ApiKeyFilter>().WithTags("models");
        if (parts.HasFlag(ImageServiceParts.Predictions))
        {
            models.MapGet("", ModelEndpoints.List).WithName("ListModels").WithSummary("The models that there are.").Produces<ModelsAnswer>();
            models.MapGet("{name}", ModelEndpoints.Get).WithName("GetModel").WithSummary("One model: its labels, its input, its figures.").Produces<ModelAnswer>().ProducesProblem(StatusCodes.Status404NotFound);
            models.MapPost("{name}/predict", PredictEndpoint.Predict).WithName("Predict").WithSummary("Names the class of one image or of several.").Produces<PredictAnswer>();
        }

        if (parts.HasFlag(ImageServiceParts.Metrics))
        {
            var metrics = app.ServiceProvider.GetRequiredService<ServiceMetrics>();
            app.MapGet("/metrics", () => Results.Text(metrics.Write(), PrometheusText.ContentType))
                .AddEndpointFilter<ProblemFilter>().AddEndpointFilter<ApiKeyFilter>().ExcludeFromDescription();
        }

        if (parts.HasFlag(ImageServiceParts.Health))
        {
            app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteHealth });
            app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(ImageClassificationServices.ReadyTag), ResponseWriter = WriteHealth });
            app.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = WriteHealth });
        }

        if (parts.HasFlag(ImageServiceParts.OpenApi))
        {
            app.MapOpenApi();
        }

        if (parts.HasFlag(ImageServiceParts.Page))
        {
            app.MapGet("/", new TryPage(prefix).Answer).ExcludeFromDescription();
        }

        return models;
    }

    private static Task WriteHealth(HttpContext context, HealthReport report)
    {
        var problems = report.Entries.Where(entry => entry.Value.Description is not null).ToDictionary(entry => entry.Key, entry => entry.Value.Description!);
        return context.Response.WriteAsJsonAsync(new HealthAnswer(report.Status.ToString(), problems), AnswerJson.Instance.HealthAnswer);
    }
}
