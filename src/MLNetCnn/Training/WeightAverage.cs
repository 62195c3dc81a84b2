namespace MLNetCnn.Training;

/// <summary>
/// An exponential moving average of a network's weights over the optimizer's steps (Polyak and Juditsky 1992; as in Szegedy et al. 2016).
/// It is evaluated and kept instead of the weights themselves.
/// </summary>
/// <remarks>Early on it forgets faster, 1 - (1 + steps) / (10 + steps), so that the first random weights do not linger.</remarks>
internal sealed class WeightAverage : IDisposable
{
    private readonly Module<Tensor, Tensor> _network;
    private readonly double _decay;
    private readonly List<(string Name, Tensor Weights, Tensor Average)> _pairs = [];
    private long _steps;

    public WeightAverage(Module<Tensor, Tensor> network, double decay)
    {
        (_network, _decay) = (network, decay);
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        foreach (var (name, weights) in network.state_dict().Where(entry => entry.Value.is_floating_point()))
        {
            _pairs.Add((name, weights, weights.clone().DetachFromDisposeScope()));
        }
    }

    /// <summary>The averages, by the names of the weights; and the number of steps.</summary>
    public Dictionary<string, Tensor> Weights => new(_pairs.ToDictionary(pair => pair.Name, pair => pair.Average)) { ["steps"] = tensor(_steps) };

    /// <summary>Takes a step's weights into the average.</summary>
    public void Update()
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        _steps++;
        var decay = Math.Min(_decay, (1.0 + _steps) / (10 + _steps));
        foreach (var (_, weights, average) in _pairs)
        {
            average.lerp_(weights, 1 - decay);
        }
    }

    /// <summary>Exchanges weights and averages; a second call puts them back.</summary>
    public void Swap()
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        foreach (var (_, weights, average) in _pairs)
        {
            var copy = weights.clone();
            weights.copy_(average);
            average.copy_(copy);
        }
    }

    /// <summary>Gives the network the averages for good.</summary>
    public void Keep()
    {
        using var untracked = no_grad();
        foreach (var (_, weights, average) in _pairs)
        {
            weights.copy_(average);
        }
    }

    /// <summary>Takes up averages that a checkpoint kept.</summary>
    public void Replace(Dictionary<string, Tensor> saved)
    {
        using var untracked = no_grad();
        foreach (var (name, _, average) in _pairs)
        {
            average.copy_(saved[name]);
        }

        _steps = saved["steps"].ToInt64();
    }

    public void Dispose()
    {
        foreach (var pair in _pairs)
        {
            pair.Average.Dispose();
        }
    }
}
