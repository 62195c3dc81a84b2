namespace MLNetCnn.Architectures;

/// <summary>How many numbers a network consists of.</summary>
/// <param name="Total">All of them as Keras counts: weights, biases, and BatchNorm's running means and variances.</param>
/// <param name="Trainable">Those that training changes by gradients.</param>
public sealed record ParameterCounts(long Total, long Trainable);

/// <summary>A network layer by layer, like Keras's <c>summary()</c>.</summary>
public static class NetworkSummary
{
    /// <summary>The layers of <paramref name="network"/> in the order in which an image passes them; a layer used twice stands twice, its parameters counted once.</summary>
    /// <param name="network">The network, on any device; one image is run through it in evaluation mode.</param>
    /// <param name="input">The size of the image.</param>
    public static IReadOnlyList<LayerSummary> Of(Module<Tensor, Tensor> network, ImageShape input)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var layers = new List<LayerSummary>();
        var hooks = new List<HookRemover>();
        foreach (var (name, module) in network.named_modules())
        {
            if (module is Module<Tensor, Tensor> leaf && !module.children().Any())
            {
                var counted = Count(leaf).Total;
                hooks.Add(leaf.register_forward_hook((_, _, output) =>
                {
                    layers.Add(new(name, leaf.GetType().Name, output.shape[1..], counted));
                    counted = 0;
                    return null;
                }));
            }
        }

        var training = network.training;
        network.eval();
        try
        {
            network.call(zeros([1, input.Channels, input.Height, input.Width], device: network.parameters().FirstOrDefault()?.device));
        }
        finally
        {
            network.train(training);
            hooks.ForEach(hook => hook.Dispose());
        }

        return layers;
    }

    /// <summary>Counts the parameters of <paramref name="network"/>.</summary>
    public static ParameterCounts Count(Module<Tensor, Tensor> network)
    {
        var parameters = network.parameters().ToList();
        var statistics = network.buffers().Where(buffer => buffer.is_floating_point());
        return new(
            parameters.Sum(parameter => parameter.numel()) + statistics.Sum(buffer => buffer.numel()),
            parameters.Where(parameter => parameter.requires_grad).Sum(parameter => parameter.numel()));
    }
}

/// <summary>One layer of a network.</summary>
/// <param name="Name">Its dotted path in the network.</param>
/// <param name="Type">Its type, for example <c>Conv2d</c>.</param>
/// <param name="OutputShape">The shape it gives for one image: <c>[C, H, W]</c> or <c>[features]</c>.</param>
/// <param name="Parameters">Its own parameters.</param>
public sealed record LayerSummary(string Name, string Type, IReadOnlyList<long> OutputShape, long Parameters);
