using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

using MLNetCnn.Inference.Pooling;

namespace MLNetCnn.Serving;

/// <summary>Ready when every model answers; no more when the application is about to stop. It tells names, no paths.</summary>
internal sealed class ModelHealth(ImageModelPool pool, IHostApplicationLifetime lifetime) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Check());

    private HealthCheckResult Check()
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy("the service is stopping");
        }

        var models = pool.Names.Select(pool.Status).ToList();
        var missing = models.Where(model => !model.IsReady).Select(model => model.Error is null ? $"'{model.Name}' is being loaded" : $"'{model.Name}' could not be loaded").ToList();
        if (missing.Count > 0)
        {
            return HealthCheckResult.Unhealthy(string.Join("; ", missing));
        }

        var stale = models.Where(model => model.Error is not null).Select(model => $"a newer '{model.Name}' could not be loaded, version {model.Version} goes on answering").ToList();
        return stale.Count == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(string.Join("; ", stale));
    }
}
