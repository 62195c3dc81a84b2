using MLNetCnn.Architectures.Blocks;

namespace MLNetCnn.Architectures;

/// <summary>Pieces that several families are made of.</summary>
internal static class Layers
{
    /// <summary>BatchNorm with Keras's constants: epsilon 1e-3, and statistics that move by 1 % per step.</summary>
    public static Module<Tensor, Tensor> KerasBatchNorm(long channels) => Convention.Keras.Norm(channels);

    /// <summary>The activation called <paramref name="name"/>.</summary>
    public static Module<Tensor, Tensor> Activation(string name) => name switch
    {
        "relu" => ReLU(),
        "tanh" => Tanh(),
        "sigmoid" => Sigmoid(),
        "leaky_relu" => LeakyReLU(),
        "elu" => ELU(),
        _ => SiLU(),
    };

    public static ArchitectureSetting ActivationSetting(string value = "relu") => ArchitectureSetting.Choice(
        "activation", "what follows each layer but the last", value, "relu", "tanh", "sigmoid", "leaky_relu", "elu", "silu");

    /// <summary>How many numbers <paramref name="features"/> leaves of one image.</summary>
    public static long FeatureCount(Module<Tensor, Tensor> features, ImageShape input)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        features.eval();
        var count = features.call(zeros([1, input.Channels, input.Height, input.Width])).numel();
        features.train();
        return count;
    }

    /// <summary>Features, then a classifier: dense layers of the widths <paramref name="hidden"/> with ReLU, and one of the classes.</summary>
    public static Sequential WithClassifier(Sequential features, ImageShape input, int classes, string activation, params ReadOnlySpan<long> hidden)
    {
        var layers = new List<(string, Module<Tensor, Tensor>)> { ("flatten", Flatten()) };
        var width = FeatureCount(features, input);
        for (var i = 0; i < hidden.Length; i++)
        {
            layers.Add(($"dense{i + 1}", Linear(width, hidden[i])));
            layers.Add(($"activation{i + 1}", Activation(activation)));
            width = hidden[i];
        }

        layers.Add(("output", Linear(width, classes)));
        return Sequential(("features", features), ("classifier", Sequential(layers)));
    }
}
