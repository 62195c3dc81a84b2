using System.Text.Json.Nodes;

namespace MLNetCnn.Training.Callbacks;

/// <summary>Keeps a copy of the weights of the best epoch, and puts them back at the end.</summary>
internal sealed class BestWeights(Module<Tensor, Tensor> network) : ITrainingCallback, IDisposable
{
    private readonly MetricWatcher _watcher = new(EarlyStoppingMetric.Accuracy, minDelta: 0, byLoss: true);
    private Dictionary<string, Tensor> _copy = [];

    public string Name => "bestWeights";

    /// <summary>The epoch that the copy was made after; 0 for none.</summary>
    public int Epoch => _watcher.BestEpoch;

    /// <summary>The copy: parameters and buffers by name; empty before the first epoch.</summary>
    public IReadOnlyDictionary<string, Tensor> Weights => _copy;

    public void OnEpochEnd(EpochRecord epoch, TrainingControl control)
    {
        // Weights that gave no loss are no good to anyone, whatever the epoch's accuracy was before they broke.
        if (!epoch.IsBroken && _watcher.Improved(epoch))
        {
            Replace(WeightCopy.Of(network));
        }
    }

    /// <summary>Gives the network the copy's weights.</summary>
    public void Restore() => network.load_state_dict(_copy);

    /// <summary>Takes up a copy that a checkpoint kept.</summary>
    public void Replace(Dictionary<string, Tensor> weights)
    {
        Dispose();
        _copy = weights;
    }

    public JsonNode? SaveState() => _watcher.SaveState();

    public void LoadState(JsonNode state) => _watcher.LoadState(state);

    public void Dispose()
    {
        WeightCopy.Free(_copy);
        _copy = [];
    }
}
