using static MLNetCnn.Torch.torch;

namespace MLNetCnn.Torch.Modules;

/// <summary>The first values of layers, drawn as PyTorch draws them: the same seed gives the same numbers.</summary>
internal static class Initialization
{
    internal static Parameter Uninitialized(ReadOnlySpan<long> shape, Device? device, ScalarType? dtype)
    {
        using var data = empty(shape, dtype, device);
        return new Parameter(data);
    }

    internal static Parameter Constant(ReadOnlySpan<long> shape, double value, Device? device, ScalarType? dtype)
    {
        using var data = full(shape, value, dtype ?? ScalarType.Float32, device);
        return new Parameter(data);
    }

    /// <summary>Kaiming-uniform with a = √5 (He et al., 2015) for weights, ±1/√fan_in for biases: the default of linear and convolution layers.</summary>
    internal static void KaimingUniform(Parameter weight, Parameter? bias)
    {
        var fanIn = weight.shape.Skip(1).Aggregate(1L, (product, length) => product * length);
        if (fanIn == 0)
        {
            return;
        }

        var gain = Math.Sqrt(2.0 / (1 + Math.Pow(Math.Sqrt(5), 2)));
        var bound = Math.Sqrt(3.0) * (gain / Math.Sqrt(fanIn));
        weight.uniform_(-bound, bound);
        var biasBound = 1 / Math.Sqrt(fanIn);
        bias?.uniform_(-biasBound, biasBound);
    }
}
