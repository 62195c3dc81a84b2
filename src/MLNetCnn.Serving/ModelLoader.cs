using Microsoft.Extensions.Hosting;

using MLNetCnn.Inference.Pooling;

namespace MLNetCnn.Serving;

/// <summary>Loads the models beside the starting server. One that fails is in the log and in the readiness, and stops nothing.</summary>
internal sealed class ModelLoader(ImageModelPool pool) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken) =>
        await pool.LoadAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
