using MLNetCnn.Architectures;

namespace MLNetCnn.Evaluation;

/// <summary>
/// Shows where in an image a network found what speaks for a class: each of its last feature maps counts by the mean gradient of the
/// class's logit with respect to it, and of their sum what is positive stays (R. R. Selvaraju et al., "Grad-CAM: Visual Explanations
/// from Deep Networks via Gradient-based Localization", ICCV 2017).
/// </summary>
public static class GradCam
{
    /// <summary>
    /// How much each place of each image speaks for a class, <c>[N, h, w]</c>, in [0, 1] with the strongest place of an image at 1; all
    /// 0 where none speaks for it. Null for a network without feature maps of more than one place, a perceptron for example. It belongs
    /// to the dispose scope around, or to the caller where there is none.
    /// </summary>
    /// <param name="network">
    /// Gives logits <c>[N, classes]</c> of images; run in evaluation mode, and left as it was. The maps are what the last block of a
    /// backbone leaves, or the last convolution of another network; or of the ones before it, where that leaves a single place.
    /// </param>
    /// <param name="images">Images as the network takes them, <c>[N, C, H, W]</c>, on its device.</param>
    /// <param name="classes">The class that is asked about for each image: int64 <c>[N]</c>, from 0, on the same device.</param>
    /// <exception cref="TorchException">The images do not fit the network, or a class is none of its.</exception>
    public static Tensor? Of(Module<Tensor, Tensor> network, Tensor images, Tensor classes)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(classes);
        using var scope = NewDisposeScope();
        using var tracked = enable_grad();
        var (maps, logits) = Run(network, images, scope);
        if (maps is null)
        {
            return null;
        }

        var gradients = autograd.grad([logits.gather(1, classes.unsqueeze(1)).sum()], [maps])[0];
        using var untracked = no_grad();
        var heat = gradients.mean([2, 3], keepdim: true).mul(maps).sum(1).relu();
        var peaks = heat.flatten(1).max(1).values.view(-1, 1, 1);
        var shares = heat.div(peaks);
        return scope.MoveToOuter(shares.masked_fill(shares.isfinite().logical_not(), 0));
    }

    /// <summary>The last feature maps, from which on gradients are recorded, and the logits.</summary>
    private static (Tensor? Maps, Tensor Logits) Run(Module<Tensor, Tensor> network, Tensor images, DisposeScope scope)
    {
        Tensor? maps = null;
        var modes = network.modules().Select(module => (Module: module, module.training)).ToList();
        List<HookRemover> hooks = [.. MapLayers(network).Select(layer => layer.register_forward_hook(Cut))];
        network.eval();
        try
        {
            var logits = network.call(images);
            return (maps, logits);
        }
        finally
        {
            hooks.ForEach(hook => hook.Dispose());

            // A module takes its parts along, which come after it.
            modes.ForEach(mode => mode.Module.train(mode.training));
        }

        // The network goes on from a copy, for layers work in place; what it came from is not needed any more.
        Tensor? Cut(Module<Tensor, Tensor> layer, Tensor input, Tensor output)
        {
            if (output.dim() != 4 || output.size(2) * output.size(3) == 1)
            {
                return null;
            }

            maps?.Dispose();
            maps = scope.Include(output.detach().requires_grad_());
            output.Dispose();
            return maps.clone();
        }
    }

    private static IEnumerable<Module<Tensor, Tensor>> MapLayers(Module<Tensor, Tensor> network) =>
        network.modules().OfType<Backbone>().FirstOrDefault() is { } backbone
            ? backbone.Blocks.Select(block => block.Layers[^1]).Distinct()
            : network.modules().OfType<ConvNd>();
}
