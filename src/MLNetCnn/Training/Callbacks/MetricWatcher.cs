using System.Text.Json.Nodes;

namespace MLNetCnn.Training.Callbacks;

/// <summary>Follows one figure over the epochs and knows its best value and how long ago that was.</summary>
/// <param name="metric">The figure.</param>
/// <param name="minDelta">The least change that counts.</param>
/// <param name="byLoss">Whether of equal values that with the lower loss is the better one: of few validation images many epochs name as many right.</param>
internal sealed class MetricWatcher(EarlyStoppingMetric metric, double minDelta, bool byLoss = false)
{
    private double _bestLoss = double.PositiveInfinity;

    /// <summary>The best value so far; null before the first epoch.</summary>
    public double? Best { get; private set; }

    /// <summary>The epoch of <see cref="Best"/>; 0 before the first.</summary>
    public int BestEpoch { get; private set; }

    /// <summary>Epochs since the figure last improved.</summary>
    public int Waited { get; set; }

    /// <summary>The watched figure of an epoch.</summary>
    public double Value(EpochRecord epoch) => metric switch
    {
        EarlyStoppingMetric.Accuracy => epoch.ValidationAccuracy ?? epoch.TrainAccuracy,
        EarlyStoppingMetric.Loss => epoch.ValidationLoss ?? epoch.TrainLoss,
        _ => epoch.TrainLoss,
    };

    /// <summary>Takes note of an epoch; true where it is the best so far by more than the least change.</summary>
    public bool Improved(EpochRecord epoch)
    {
        var value = Value(epoch);
        var better = double.IsFinite(value) && (Best is not { } best
            || (metric == EarlyStoppingMetric.Accuracy ? value > best + minDelta : value < best - minDelta)
            || (byLoss && value == best && LossOf(epoch) < _bestLoss));
        if (better)
        {
            _bestLoss = LossOf(epoch);
            (Best, BestEpoch, Waited) = (value, epoch.Epoch, 0);
        }
        else
        {
            Waited++;
        }

        return better;
    }

    public JsonObject SaveState() => new() { ["best"] = Best, ["bestEpoch"] = BestEpoch, ["waited"] = Waited, ["bestLoss"] = double.IsFinite(_bestLoss) ? _bestLoss : null };

    public void LoadState(JsonNode state)
    {
        Best = (double?)state["best"];
        BestEpoch = (int)state["bestEpoch"]!;
        Waited = (int)state["waited"]!;
        _bestLoss = (double?)state["bestLoss"] ?? double.PositiveInfinity;
    }

    private static double LossOf(EpochRecord epoch) => epoch.ValidationLoss ?? epoch.TrainLoss;
}
