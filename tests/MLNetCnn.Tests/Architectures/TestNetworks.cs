namespace MLNetCnn.Tests.Architectures;

internal static class TestNetworks
{
    /// <summary>Gives every BatchNorm scales, shifts and statistics that a mistake would show in.</summary>
    public static void RandomiseStatistics(Module<Tensor, Tensor> network)
    {
        foreach (var norm in network.modules().OfType<Torch.Modules.BatchNorm>())
        {
            norm.running_mean!.uniform_(-0.3, 0.3);
            norm.running_var!.uniform_(0.5, 1.5);
            norm.weight?.uniform_(0.5, 1.5);
            norm.bias?.uniform_(-0.3, 0.3);
        }
    }
}
