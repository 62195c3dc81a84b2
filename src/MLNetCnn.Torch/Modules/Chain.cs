using static MLNetCnn.Torch.torch;
using static MLNetCnn.Torch.torch.nn;

namespace MLNetCnn.Torch.Modules;

/// <summary>
/// Runs modules one after another. Each intermediate result is freed as soon as the next is there, and a <see cref="BatchNorm2d"/>
/// takes the <see cref="ReLU"/> or <see cref="ReLU6"/> that follows it along in one pass over memory, unless a hook watches one of them.
/// </summary>
public static class Chain
{
    /// <summary>What <paramref name="layers"/> make of <paramref name="input"/>, which stays the caller's; an alias of it for no layers.</summary>
    /// <returns>Never the input object itself.</returns>
    public static Tensor Run(Tensor input, params ReadOnlySpan<Module<Tensor, Tensor>> layers)
    {
        var current = input;
        for (var i = 0; i < layers.Length; i++)
        {
            var both = i + 1 < layers.Length ? InOnePass(layers[i], layers[i + 1], current, shortcut: null) : null;
            var next = both ?? layers[i].call(current);
            if (current != input)
            {
                current.Dispose();
            }

            current = next;
            i += both is null ? 0 : 1;
        }

        return current == input ? input.alias() : current;
    }

    /// <summary>The end of a residual block: <c>activation(norm(input) + shortcut)</c>.</summary>
    /// <param name="input">What the block's last convolution gives, <c>[N, C, H, W]</c>.</param>
    /// <param name="norm">The BatchNorm.</param>
    /// <param name="shortcut">What is added, of the input's shape.</param>
    /// <param name="activation">What follows the sum.</param>
    public static Tensor RunResidual(Tensor input, Module<Tensor, Tensor> norm, Tensor shortcut, Module<Tensor, Tensor> activation)
    {
        if (InOnePass(norm, activation, input, shortcut) is { } output)
        {
            return output;
        }

        using var sum = norm.call(input).add_(shortcut);
        return activation.call(sum);
    }

    // What a BatchNorm, a shortcut and an activation make of the input; null where the layers have to run on their own.
    private static Tensor? InOnePass(Module<Tensor, Tensor> layer, Module<Tensor, Tensor> next, Tensor input, Tensor? shortcut) => (layer, next) switch
    {
        (BatchNorm2d { IsWatched: false } norm, ReLU { IsWatched: false }) => norm.Normalise(input, shortcut, Rectifier.ReLU),
        (BatchNorm2d { IsWatched: false } norm, ReLU6 { IsWatched: false }) => norm.Normalise(input, shortcut, Rectifier.ReLU6),
        _ => null,
    };
}
