namespace MLNetCnn.Architectures;

/// <summary>Initial weights by name: those of Keras for networks that were published with it.</summary>
internal static class Initializers
{
    public const string Default = "glorot_uniform";

    public static ArchitectureSetting Setting(string value = Default) => ArchitectureSetting.Choice(
        "initializer", "initial weights; biases start from 0 but for pytorch", value,
        "glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "lecun_uniform", "lecun_normal", "normal", "uniform", "pytorch");

    /// <summary>Gives every convolution and linear layer of <paramref name="network"/> the weights called <paramref name="name"/> (<c>pytorch</c>: leaves the layers' own).</summary>
    /// <returns>The network.</returns>
    public static TModule Apply<TModule>(TModule network, string name)
        where TModule : Module<Tensor, Tensor>
    {
        if (name == "pytorch")
        {
            return network;
        }

        Action<Tensor> fill = name switch
        {
            "glorot_uniform" => weight => init.xavier_uniform_(weight),
            "glorot_normal" => weight => init.xavier_normal_(weight),
            "he_uniform" => weight => init.kaiming_uniform_(weight, nonlinearity: init.NonlinearityType.ReLU),
            "he_normal" => weight => init.he_normal_(weight),
            "lecun_uniform" => weight => init.lecun_uniform_(weight),
            "lecun_normal" => weight => init.lecun_normal_(weight),
            // Keras's RandomNormal and RandomUniform.
            "normal" => weight => init.normal_(weight, 0, 0.05),
            _ => weight => init.uniform_(weight, -0.05, 0.05),
        };
        return Fill(network, fill, fill);
    }

    /// <summary>Weights of convolutions of torchvision's networks (He et al. 2015): normal, by the outputs.</summary>
    public static void KaimingFanOut(Tensor weight) => init.kaiming_normal_(weight, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU);

    /// <summary>Gives convolutions and linear layers of <paramref name="network"/> weights, and the biases zeros.</summary>
    /// <returns>The network.</returns>
    public static TModule Fill<TModule>(TModule network, Action<Tensor> convolution, Action<Tensor> linear)
        where TModule : Module<Tensor, Tensor>
    {
        foreach (var (path, parameter) in network.named_parameters())
        {
            switch (parameter.dim())
            {
                case 4:
                    convolution(parameter);
                    break;
                case 2:
                    linear(parameter);
                    break;
                case 1 when path.EndsWith("bias", StringComparison.Ordinal):
                    init.zeros_(parameter);
                    break;
            }
        }

        return network;
    }
}
