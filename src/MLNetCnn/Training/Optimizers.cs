namespace MLNetCnn.Training;

/// <summary>Makes the optimizer that a trainer's options describe.</summary>
internal static class Optimizers
{
    public static optim.Optimizer Create(Module<Tensor, Tensor> network, ImageClassificationTrainer.Options options)
    {
        var settings = options.Optimizer;
        var (decayed, free) = Split(network);
        double rate = options.LearningRate;
        double decay = settings.WeightDecay;
        optim.Optimizer optimizer = settings.Kind switch
        {
            OptimizerKind.Sgd => optim.SGD(decayed, rate, settings.Momentum, weight_decay: decay, nesterov: settings.Nesterov),
            OptimizerKind.Adam => optim.Adam(decayed, rate, eps: settings.Epsilon ?? 1e-8, weight_decay: decay),
            OptimizerKind.AdamW => optim.AdamW(decayed, rate, eps: settings.Epsilon ?? 1e-8, weight_decay: decay),
            OptimizerKind.NAdam => optim.NAdam(decayed, rate, eps: settings.Epsilon ?? 1e-8, weight_decay: decay),
            OptimizerKind.Adagrad => optim.Adagrad(decayed, rate, weight_decay: decay, initial_accumulator_value: settings.InitialAccumulator, eps: settings.Epsilon ?? 1e-10),
            OptimizerKind.RmsProp => optim.RMSprop(decayed, rate, eps: settings.Epsilon ?? 1e-8, weight_decay: decay, momentum: settings.Momentum),
            _ => throw new ConfigurationException($"optimizer.kind is {settings.Kind}: there is no such optimizer"),
        };
        return optimizer;
    }

    // Decay belongs to convolution and linear weights alone; vectors are biases and normalisation.
    private static (List<Parameter> Decayed, List<Parameter> Free) Split(Module<Tensor, Tensor> network)
    {
        var trainable = network.parameters().Where(parameter => parameter.requires_grad).ToList();
        return ([.. trainable.Where(parameter => parameter.dim() > 1)], [.. trainable.Where(parameter => parameter.dim() <= 1)]);
    }
}
