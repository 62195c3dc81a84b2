namespace MLNetCnn.Tests.Architectures;

internal static class TestNetworks
{
    private const double Largest = 30;

    /// <summary>
    /// Gives a network weights in which a mistake shows: BatchNorms scales, shifts and statistics of their own, and layers that hand on
    /// what they are given. What networks begin with lets the image die on the way, or, in ConvNeXt, keeps whole blocks out.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="images">Images like those that it will see: <c>[N, C, H, W]</c>.</param>
    /// <param name="forward">What is asked of it; its logits by default.</param>
    public static void Randomise(Module<Tensor, Tensor> network, Tensor images, Func<Tensor, Tensor>? forward = null)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        foreach (var norm in network.modules().OfType<Torch.Modules.BatchNorm>())
        {
            norm.running_mean!.uniform_(-0.3, 0.3);
            norm.running_var!.uniform_(0.5, 1.5);
            norm.weight?.uniform_(0.5, 1.5);
            norm.bias?.uniform_(-0.3, 0.3);
        }

        foreach (var (name, parameter) in network.named_parameters().Where(parameter => parameter.name.EndsWith("layer_scale", StringComparison.Ordinal)))
        {
            parameter.uniform_(0.5, 1);
        }

        Tensor[] weights = [.. network.parameters().Where(parameter => parameter.dim() > 1 && parameter.size(0) > 1)];
        var wasTraining = network.training;
        network.eval();
        for (var attempts = 0; !Draw(); attempts++)
        {
            Assert.True(attempts < 10, "the network hardly looks at its images, whatever its weights");
        }

        network.train(wasTraining);

        bool Draw()
        {
            foreach (var weight in weights)
            {
                nn.init.kaiming_normal_(weight);
            }

            // In a deep network much that is a little too large is chaos: each rounding grows until it is all that is left.
            Tensor output;
            while ((output = (forward ?? network.call)(images)).abs().max().ToDouble() >= Largest)
            {
                foreach (var weight in weights)
                {
                    weight.mul_(0.95);
                }
            }

            // A network of a unit or two may be dead.
            return output.sub(output.narrow(0, 0, 1)).abs().max().ToDouble() > 0.005 * output.abs().max().ToDouble();
        }
    }
}
