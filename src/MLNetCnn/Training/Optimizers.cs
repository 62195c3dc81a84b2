using MLNetCnn.Torch.Optim;

namespace MLNetCnn.Training;

/// <summary>Makes the optimizer that a trainer's options describe.</summary>
internal static class Optimizers
{
    /// <summary>The optimizer, and what the learning rate of each of its groups is multiplied by.</summary>
    public static (optim.Optimizer Optimizer, IReadOnlyList<double> RateFactors) Create(
        Module<Tensor, Tensor> network, ImageClassificationTrainer.Options options, Func<Parameter, double>? rateFactor = null)
    {
        var groups = Partition(network, rateFactor ?? (_ => 1));
        return (Create(groups, options), [.. groups.Select(group => group.RateFactor)]);
    }

    private static optim.Optimizer Create(IReadOnlyList<Group> groups, ImageClassificationTrainer.Options options)
    {
        var (kind, rate, decay) = (options.Optimizer.Kind, options.LearningRate, options.Optimizer.WeightDecay);
        var (settings, epsilon) = (options.Optimizer, options.Optimizer.Epsilon);
        return kind switch
        {
            OptimizerKind.Sgd => optim.SGD(Groups(groups, decay, own => new SGD.Options
            {
                LearningRate = rate,
                weight_decay = own,
                momentum = settings.Momentum,
                nesterov = settings.Nesterov,
            })),
            OptimizerKind.Adam => optim.Adam(Groups(groups, decay, own => new Adam.Options { LearningRate = rate, weight_decay = own, eps = epsilon ?? 1e-8 })),
            OptimizerKind.AdamW => optim.AdamW(Groups(groups, decay, own => new Adam.Options { LearningRate = rate, weight_decay = own, eps = epsilon ?? 1e-8 })),
            OptimizerKind.NAdam => optim.NAdam(Groups(groups, decay, own => new NAdam.Options { LearningRate = rate, weight_decay = own, eps = epsilon ?? 1e-8 })),
            OptimizerKind.Adagrad => optim.Adagrad(Groups(groups, decay, own => new Adagrad.Options
            {
                LearningRate = rate,
                weight_decay = own,
                eps = epsilon ?? 1e-10,
                initial_accumulator_value = settings.InitialAccumulator,
            })),
            OptimizerKind.RmsProp => optim.RMSProp(Groups(groups, decay, own => new RMSProp.Options
            {
                LearningRate = rate,
                weight_decay = own,
                eps = epsilon ?? 1e-8,
                momentum = settings.Momentum,
            })),
            _ => throw new ConfigurationException($"optimizer.kind is {kind}: there is no such optimizer"),
        };
    }

    private static IEnumerable<ParamGroup<TOptions>> Groups<TOptions>(IReadOnlyList<Group> groups, double decay, Func<double, TOptions> options)
        where TOptions : OptimizerOptions => groups.Select(group => new ParamGroup<TOptions>(group.Parameters, options(group.Decays ? decay : 0)));

    // Decay belongs to convolution and linear weights alone; vectors are biases and normalisation, whatever form they have.
    private static List<Group> Partition(Module<Tensor, Tensor> network, Func<Parameter, double> rateFactor) =>
        [.. network.parameters().Where(parameter => parameter.requires_grad)
            .GroupBy(parameter => (Decays: parameter.dim() is 2 or 4, RateFactor: rateFactor(parameter)))
            .OrderByDescending(group => group.Key)
            .Select(group => new Group(group.Key.Decays, group.Key.RateFactor, [.. group]))];

    private sealed record Group(bool Decays, double RateFactor, IReadOnlyList<Parameter> Parameters);
}
