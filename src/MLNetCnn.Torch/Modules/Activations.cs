using static MLNetCnn.Torch.torch;
using static MLNetCnn.Torch.torch.nn;

namespace MLNetCnn.Torch.Modules;

/// <summary>max(0, x).</summary>
public sealed class ReLU : Module<Tensor, Tensor>
{
    internal ReLU(bool inplace)
        : base(nameof(ReLU)) => this.inplace = inplace;

    /// <summary>Whether the input itself is changed.</summary>
    public bool inplace { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => functional.relu(input, inplace);
}

/// <summary>min(max(0, x), 6).</summary>
public sealed class ReLU6 : Module<Tensor, Tensor>
{
    internal ReLU6(bool inplace)
        : base(nameof(ReLU6)) => this.inplace = inplace;

    /// <summary>Whether the input itself is changed.</summary>
    public bool inplace { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => functional.relu6(input, inplace);
}

/// <summary>x where positive, negative_slope · x elsewhere (Maas et al., 2013).</summary>
public sealed class LeakyReLU : Module<Tensor, Tensor>
{
    internal LeakyReLU(double negative_slope, bool inplace)
        : base(nameof(LeakyReLU)) => (this.negative_slope, this.inplace) = (negative_slope, inplace);

    /// <summary>The slope below 0.</summary>
    public double negative_slope { get; }

    /// <summary>Whether the input itself is changed.</summary>
    public bool inplace { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => functional.leaky_relu(input, negative_slope, inplace);
}

/// <summary>x where positive, alpha · (exp(x) - 1) elsewhere (Clevert et al., 2016).</summary>
public sealed class ELU : Module<Tensor, Tensor>
{
    internal ELU(double alpha, bool inplace)
        : base(nameof(ELU)) => (this.alpha, this.inplace) = (alpha, inplace);

    /// <summary>The limit below 0.</summary>
    public double alpha { get; }

    /// <summary>Whether the input itself is changed.</summary>
    public bool inplace { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => functional.elu(input, alpha, inplace);
}

/// <summary>x · sigmoid(x) (Ramachandran et al., 2017).</summary>
public sealed class SiLU : Module<Tensor, Tensor>
{
    internal SiLU(bool inplace)
        : base(nameof(SiLU)) => this.inplace = inplace;

    /// <summary>Whether the input itself is changed.</summary>
    public bool inplace { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => functional.silu(input, inplace);
}

/// <summary>x · relu6(x + 3) / 6 (Howard et al., 2019).</summary>
public sealed class Hardswish : Module<Tensor, Tensor>
{
    internal Hardswish(bool inplace)
        : base(nameof(Hardswish)) => this.inplace = inplace;

    /// <summary>Whether the input itself is changed.</summary>
    public bool inplace { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => functional.hardswish(input, inplace);
}

/// <summary>relu6(x + 3) / 6.</summary>
public sealed class Hardsigmoid : Module<Tensor, Tensor>
{
    internal Hardsigmoid(bool inplace)
        : base(nameof(Hardsigmoid)) => this.inplace = inplace;

    /// <summary>Whether the input itself is changed.</summary>
    public bool inplace { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => functional.hardsigmoid(input, inplace);
}

/// <summary>x · Φ(x) (Hendrycks and Gimpel, 2016).</summary>
public sealed class GELU : Module<Tensor, Tensor>
{
    internal GELU(bool tanh_approximation)
        : base(nameof(GELU)) => this.tanh_approximation = tanh_approximation;

    /// <summary>Whether Φ is approximated by tanh.</summary>
    public bool tanh_approximation { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => functional.gelu(input, tanh_approximation);
}

/// <summary>1 / (1 + exp(-x)).</summary>
public sealed class Sigmoid : Module<Tensor, Tensor>
{
    internal Sigmoid()
        : base(nameof(Sigmoid))
    {
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => functional.sigmoid(input);
}

/// <summary>The hyperbolic tangent.</summary>
public sealed class Tanh : Module<Tensor, Tensor>
{
    internal Tanh()
        : base(nameof(Tanh))
    {
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => functional.tanh(input);
}

/// <summary>Positive numbers that sum to 1 along dim.</summary>
public sealed class Softmax : Module<Tensor, Tensor>
{
    internal Softmax(long dim)
        : base(nameof(Softmax)) => this.dim = dim;

    /// <summary>The dimension.</summary>
    public long dim { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => functional.softmax(input, dim);
}
