using MLNetCnn.Architectures;
using MLNetCnn.Training;

namespace MLNetCnn.Transfer;

/// <summary>Finds where in a backbone training begins.</summary>
internal static class UnfrozenBlocks
{
    /// <summary>The first block that the main part of a training trains; their number for none.</summary>
    /// <exception cref="ConfigurationException">There is no stage or block of the name.</exception>
    public static int First(Backbone backbone, FineTuning mode, TransferSettings settings)
    {
        var blocks = backbone.Blocks;
        return mode switch
        {
            FineTuning.Frozen => blocks.Count,
            FineTuning.Full => 0,
            _ when settings.UnfreezeFrom is { } name => Named(blocks, name),
            _ when settings.UnfreezeLayers is { } layers => Holding(blocks, layers),
            _ => Named(blocks, blocks[^1].Stage),
        };
    }

    /// <summary>The first blocks of each step of gradual unfreezing down to block <paramref name="last"/>: the last stage, the one before, …</summary>
    public static IReadOnlyList<int> Gradually(Backbone backbone, int last) =>
        [.. backbone.Blocks.Index()
            .Where(block => block.Index > last && block.Item.Stage != backbone.Blocks[block.Index - 1].Stage)
            .Select(block => block.Index).Reverse(), last];

    /// <summary>How many stages lie between a backbone's parameter and the head, 1 for the last stage's; 0 for parameters of the head.</summary>
    public static Func<Parameter, int> StagesFromHead(Backbone backbone)
    {
        var stages = backbone.Blocks.Select(block => block.Stage).Distinct().Reverse().ToList();
        var distances = backbone.Blocks
            .SelectMany(block => block.Layers.SelectMany(layer => layer.parameters()), (block, parameter) => (parameter, stages.IndexOf(block.Stage) + 1))
            .ToDictionary(entry => entry.parameter, entry => entry.Item2, ReferenceEqualityComparer.Instance as IEqualityComparer<Parameter>);
        return parameter => distances.GetValueOrDefault(parameter);
    }

    private static int Named(IReadOnlyList<BackboneBlock> blocks, string name)
    {
        var found = blocks.Index().Where(block => block.Item.Stage == name || block.Item.Name == name).Select(block => block.Index).DefaultIfEmpty(-1).First();
        return found >= 0 ? found : throw new ConfigurationException(
            $"transfer.unfreezeFrom is '{name}': the stages are {string.Join(", ", blocks.Select(block => block.Stage).Distinct())}; their blocks {string.Join(", ", blocks.Select(block => block.Name))}");
    }

    // Whole blocks, until they hold as many layers with weights.
    private static int Holding(IReadOnlyList<BackboneBlock> blocks, int layers)
    {
        for (var index = blocks.Count - 1; index >= 0; index--)
        {
            layers -= blocks[index].Layers.SelectMany(layer => layer.modules()).Count(module => module.parameters(recurse: false).Any());
            if (layers <= 0)
            {
                return index;
            }
        }

        return 0;
    }
}
