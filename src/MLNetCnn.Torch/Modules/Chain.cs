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
            var rectifier = i + 1 < layers.Length ? TakenAlong(layers[i], layers[i + 1]) : Rectifier.None;
            var next = rectifier == Rectifier.None
                ? layers[i].call(current)
                : ((BatchNorm2d)layers[i++]).Normalise(current, null, rectifier);
            if (current != input)
            {
                current.Dispose();
            }

            current = next;
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
        var rectifier = TakenAlong(norm, activation);
        if (rectifier != Rectifier.None)
        {
            return ((BatchNorm2d)norm).Normalise(input, shortcut, rectifier);
        }

        using var sum = norm.call(input).add_(shortcut);
        return activation.call(sum);
    }

    private static Rectifier TakenAlong(Module<Tensor, Tensor> layer, Module<Tensor, Tensor> next) => (layer, next) switch
    {
        (BatchNorm2d { IsWatched: false }, ReLU { IsWatched: false }) => Rectifier.ReLU,
        (BatchNorm2d { IsWatched: false }, ReLU6 { IsWatched: false }) => Rectifier.ReLU6,
        _ => Rectifier.None,
    };
}
