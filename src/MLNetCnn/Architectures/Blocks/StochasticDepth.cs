namespace MLNetCnn.Architectures.Blocks;

/// <summary>Leaves residual branches out by chance in training, image by image (Huang et al. 2016), and scales the others up.</summary>
internal static class StochasticDepth
{
    public static ArchitectureSetting Setting(double value) => ArchitectureSetting.Number(
        "stochastic_depth", "share of the images that training leads past the last residual block; past the first, none", value, 0, 0.99);

    /// <summary><paramref name="input"/> + <paramref name="branch"/> <c>[N, C, H, W]</c>, the branch left out at probability <paramref name="probability"/> (0: never).</summary>
    /// <returns>A tensor of its own, or <paramref name="branch"/> itself, changed.</returns>
    public static Tensor Add(Tensor input, Tensor branch, double probability)
    {
        if (probability == 0)
        {
            return branch.add_(input);
        }

        using var scope = NewDisposeScope();
        var kept = functional.dropout(ones([branch.size(0), 1, 1, 1], branch.dtype, branch.device), probability);
        return scope.MoveToOuter(branch.mul(kept).add_(input));
    }
}
