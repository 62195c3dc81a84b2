using System.Globalization;
using System.Text.Json.Nodes;

namespace MLNetCnn.Training.Callbacks;

/// <summary>Ends training when the watched figure has not improved for <see cref="EarlyStopping.Patience"/> epochs.</summary>
internal sealed class EarlyStoppingCallback(EarlyStopping options) : ITrainingCallback
{
    private readonly MetricWatcher _watcher = new(options.Metric, options.MinDelta);

    public string Name => "earlyStopping";

    public void OnEpochEnd(EpochRecord epoch, TrainingControl control)
    {
        if (!_watcher.Improved(epoch) && _watcher.Waited >= options.Patience)
        {
            control.Stop();
            control.Report(
                epoch.Epoch,
                TrainingEventKind.EarlyStopped,
                string.Create(CultureInfo.InvariantCulture, $"no better {options.Metric.ToString().ToLowerInvariant()} than {_watcher.Best:0.0000} (epoch {_watcher.BestEpoch}) for {_watcher.Waited} epochs"));
        }
    }

    public JsonNode? SaveState() => _watcher.SaveState();

    public void LoadState(JsonNode state) => _watcher.LoadState(state);
}
