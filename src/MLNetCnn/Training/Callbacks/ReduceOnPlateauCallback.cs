using System.Globalization;
using System.Text.Json.Nodes;

namespace MLNetCnn.Training.Callbacks;

/// <summary>Lowers the learning rate on a plateau, counting patience and cooldown as Keras' <c>ReduceLROnPlateau</c> does.</summary>
internal sealed class ReduceOnPlateauCallback(ReduceOnPlateau options, double learningRate) : ITrainingCallback
{
    private readonly MetricWatcher _watcher = new(options.Metric, options.MinDelta);
    private int _cooldown;

    public string Name => "reduceOnPlateau";

    public void OnEpochEnd(EpochRecord epoch, TrainingControl control)
    {
        if (_cooldown > 0)
        {
            _cooldown--;
            _watcher.Waited = 0;
        }

        if (_watcher.Improved(epoch))
        {
            return;
        }

        if (_cooldown > 0)
        {
            _watcher.Waited = 0;
            return;
        }

        var current = learningRate * control.LearningRateFactor;
        if (_watcher.Waited >= options.Patience && current > options.MinLearningRate)
        {
            var next = Math.Max(current * options.Factor, options.MinLearningRate);
            control.LearningRateFactor = next / learningRate;
            control.Report(
                epoch.Epoch,
                TrainingEventKind.LearningRateReduced,
                string.Create(CultureInfo.InvariantCulture, $"learning rate {current:g4} → {next:g4} after {_watcher.Waited} epochs on a plateau"));
            _cooldown = options.Cooldown;
            _watcher.Waited = 0;
        }
    }

    public JsonNode? SaveState()
    {
        var state = _watcher.SaveState();
        state["cooldown"] = _cooldown;
        return state;
    }

    public void LoadState(JsonNode state)
    {
        _watcher.LoadState(state);
        _cooldown = (int)state["cooldown"]!;
    }
}
