using MLNetCnn.Torch.Optim;

namespace MLNetCnn.Training;

/// <summary>Makes the optimizer that a trainer's options describe.</summary>
internal static class Optimizers
{
    public static optim.Optimizer Create(Module<Tensor, Tensor> network, ImageClassificationTrainer.Options options)
    {
        var (kind, rate, decay) = (options.Optimizer.Kind, options.LearningRate, options.Optimizer.WeightDecay);
        var (settings, epsilon) = (options.Optimizer, options.Optimizer.Epsilon);
        return kind switch
        {
            OptimizerKind.Sgd => optim.SGD(Groups(network, decay, own => new SGD.Options
            {
                LearningRate = rate,
                weight_decay = own,
                momentum = settings.Momentum,
                nesterov = settings.Nesterov,
            })),
            OptimizerKind.Adam => optim.Adam(Groups(network, decay, own => new Adam.Options { LearningRate = rate, weight_decay = own, eps = epsilon ?? 1e-8 })),
            OptimizerKind.AdamW => optim.AdamW(Groups(network, decay, own => new Adam.Options { LearningRate = rate, weight_decay = own, eps = epsilon ?? 1e-8 })),
            OptimizerKind.NAdam => optim.NAdam(Groups(network, decay, own => new NAdam.Options { LearningRate = rate, weight_decay = own, eps = epsilon ?? 1e-8 })),
            OptimizerKind.Adagrad => optim.Adagrad(Groups(network, decay, own => new Adagrad.Options
            {
                LearningRate = rate,
                weight_decay = own,
                eps = epsilon ?? 1e-10,
                initial_accumulator_value = settings.InitialAccumulator,
            })),
            OptimizerKind.RmsProp => optim.RMSProp(Groups(network, decay, own => new RMSProp.Options
            {
                LearningRate = rate,
                weight_decay = own,
                eps = epsilon ?? 1e-8,
                momentum = settings.Momentum,
            })),
            _ => throw new ConfigurationException($"optimizer.kind is {kind}: there is no such optimizer"),
        };
    }

    // Decay belongs to convolution and linear weights alone; vectors are biases and normalisation.
    private static IEnumerable<ParamGroup<TOptions>> Groups<TOptions>(Module<Tensor, Tensor> network, double decay, Func<double, TOptions> options)
        where TOptions : OptimizerOptions
    {
        foreach (var group in network.parameters().Where(parameter => parameter.requires_grad).GroupBy(parameter => parameter.dim() > 1).OrderByDescending(group => group.Key))
        {
            yield return new ParamGroup<TOptions>(group, options(group.Key ? decay : 0));
        }
    }
}
