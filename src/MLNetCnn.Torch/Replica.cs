namespace MLNetCnn.Torch;

/// <summary>
/// A second instance of a network that shares its parameters' memory and has gradients of its own, so that two threads can work on
/// two halves of a batch (PyTorch's <c>torch.nn.parallel.replicate</c>, on one device). Buffers are not shared.
/// </summary>
public sealed class Replica
{
    private readonly IReadOnlyList<torch.Tensor> _network;
    private readonly IReadOnlyList<torch.Tensor> _replica;
    private readonly nint[] _networkHandles;
    private readonly nint[] _replicaHandles;

    /// <summary>Makes <paramref name="replica"/>'s parameters share the memory of <paramref name="network"/>'s.</summary>
    /// <param name="network">The network's parameters.</param>
    /// <param name="replica">The other instance's, of the same shapes in the same order.</param>
    /// <exception cref="ArgumentException">The two are not instances of the same network.</exception>
    public Replica(IEnumerable<torch.Tensor> network, IEnumerable<torch.Tensor> replica)
    {
        (_network, _replica) = ([.. network], [.. replica]);
        if (!_network.Select(parameter => parameter.shape).SequenceEqual(_replica.Select(parameter => parameter.shape), ShapeComparer.Instance))
        {
            throw new ArgumentException("the replica's parameters are not those of the network in number and shape: build both the same way", nameof(replica));
        }

        (_networkHandles, _replicaHandles) = ([.. _network.Select(parameter => parameter.Handle)], [.. _replica.Select(parameter => parameter.Handle)]);
        Check(mnc_share_parameters(_replicaHandles, _networkHandles, _networkHandles.Length));
        GC.KeepAlive(this);
    }

    /// <summary>Adds the replica's gradients to the network's and drops them. Both must be idle.</summary>
    public void TakeGradients()
    {
        Check(mnc_take_gradients(_networkHandles, _replicaHandles, _networkHandles.Length));
        GC.KeepAlive(this);
    }

    private sealed class ShapeComparer : IEqualityComparer<long[]>
    {
        public static ShapeComparer Instance { get; } = new();

        public bool Equals(long[]? x, long[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(long[] obj) => obj.Length;
    }
}
