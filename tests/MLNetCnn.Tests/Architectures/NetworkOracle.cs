using System.Text.Json.Nodes;
using MLNetCnn.Testing;

namespace MLNetCnn.Tests.Architectures;

/// <summary>A second implementation of a network, in Python, that runs on our weights.</summary>
internal static class NetworkOracle
{
    /// <summary>Pads images as TensorFlow's SAME does, for kernels of one size.</summary>
    public const string SamePadding = """
        def same(x, kernel, stride, value=0.):
            pads = []
            for size in (x.shape[3], x.shape[2]):
                total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
                pads += [total // 2, total - total // 2]
            return F.pad(x, pads, value=value)

        """;

    // torchvision's own initial weights would only cost time.
    private const string Load = """
        import torch, torch.nn.functional as F
        for name in ('kaiming_uniform_', 'kaiming_normal_', 'normal_', 'uniform_', 'trunc_normal_'):
            setattr(torch.nn.init, name, lambda tensor, *_, **__: tensor)
        data = np.memmap(inputs['weights'], np.uint8, 'c')
        n = int(data[:8].view(np.uint64)[0])
        state = {k: torch.from_numpy(data[8 + n + t['data_offsets'][0]:8 + n + t['data_offsets'][1]].view({'F32': np.float32, 'I64': np.int64}[t['dtype']]).reshape(t['shape']))
                 for k, t in json.loads(bytes(data[8:8 + n])).items()}
        images = torch.from_numpy(inputs['images'])
        torch.set_grad_enabled(False)

        """;

    /// <summary>Holds the logits of <paramref name="network"/> against those of <paramref name="code"/>, which finds <c>state</c> and <c>images</c>.</summary>
    /// <param name="network">The network, in the mode wanted; gets random weights of BatchNorm.</param>
    /// <param name="images">Images <c>[N, C, H, W]</c>.</param>
    /// <param name="code">Assigns a dict to <c>outputs</c>: <c>logits</c> and whatever else the caller wants.</param>
    /// <param name="inputs">Further inputs of the code.</param>
    public static JsonObject AssertSameLogits(Module<Tensor, Tensor> network, Tensor images, string code, JsonObject? inputs = null)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        using var folder = new TemporaryFolder();
        TestNetworks.Randomise(network, images);
        Torch.Safetensors.Save(folder["weights"], network.state_dict());
        inputs ??= [];
        inputs["weights"] = folder["weights"];
        inputs["images"] = PythonOracle.Array(images.ToArray<float>(), images.shape);
        var outputs = PythonOracle.Run(Load + code, inputs);
        var expected = PythonOracle.Floats(outputs["logits"]);
        var classes = expected.Length / (int)images.size(0);
        Assert.True(expected.Distinct().Count() > expected.Length / 2, "the logits say nothing");
        Assert.All(
            Enumerable.Range(1, (int)images.size(0) - 1),
            other => Assert.True(Enumerable.Range(0, classes).Max(i => Math.Abs(expected[i] - expected[(other * classes) + i])) > 0.01 * expected.Max(Math.Abs), "the logits hardly depend on the image"));
        AssertClose(expected, network.call(images), 1e-4);
        return outputs;
    }

    /// <summary>Holds <paramref name="actual"/> against <paramref name="expected"/>, to <paramref name="tolerance"/> of the largest, or of 1.</summary>
    public static void AssertClose(float[] expected, Tensor actual, double tolerance)
    {
        var values = actual.ToArray<float>();
        Assert.Equal(expected.Length, values.Length);
        var bound = tolerance * Math.Max(1, expected.Max(Math.Abs));
        Assert.All(expected.Zip(values), pair => Assert.Equal(pair.First, pair.Second, bound));
    }
}
