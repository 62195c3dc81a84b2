using static MLNetCnn.Torch.torch;
using static MLNetCnn.Torch.torch.nn;

namespace MLNetCnn.Torch.Modules;

/// <summary>A fully connected layer: <c>[*, in]</c> to <c>[*, out]</c>.</summary>
public sealed class Linear : Module<Tensor, Tensor>
{
    internal Linear(long inputSize, long outputSize, bool hasBias, Device? device, ScalarType? dtype)
        : base(nameof(Linear))
    {
        weight = Initialization.Uninitialized([outputSize, inputSize], device, dtype);
        bias = hasBias ? Initialization.Uninitialized([outputSize], device, dtype) : null;
        Initialization.KaimingUniform(weight, bias);
        RegisterComponents();
    }

    /// <summary>The weights <c>[out, in]</c>.</summary>
    public Parameter weight { get; }

    /// <summary>The bias <c>[out]</c>, or null.</summary>
    public Parameter? bias { get; }

    /// <summary>The number of features that come in.</summary>
    public long in_features => weight.size(1);

    /// <summary>The number of features that go out.</summary>
    public long out_features => weight.size(0);

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => functional.linear(input, weight, bias);
}
