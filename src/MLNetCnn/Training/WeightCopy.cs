namespace MLNetCnn.Training;

/// <summary>A copy of a network's parameters and buffers, by name, to be put back later.</summary>
internal static class WeightCopy
{
    /// <summary>Copies what <paramref name="network"/> holds now; the caller disposes the copies.</summary>
    public static Dictionary<string, Tensor> Of(Module network)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        return network.state_dict().ToDictionary(entry => entry.Key, entry => scope.Detach(entry.Value.clone()));
    }

    /// <summary>Frees copies.</summary>
    public static void Free(IReadOnlyDictionary<string, Tensor> copies)
    {
        foreach (var tensor in copies.Values)
        {
            tensor.Dispose();
        }
    }
}
