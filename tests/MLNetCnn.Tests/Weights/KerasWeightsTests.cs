using MLNetCnn.Architectures;
using MLNetCnn.Data;
using MLNetCnn.Testing;
using MLNetCnn.Tests.Architectures;
using MLNetCnn.Weights;

namespace MLNetCnn.Tests.Weights;

/// <summary>
/// The manifests of Keras's own weights, on files that have Keras's layers, names and layouts and random numbers: what our network makes
/// of them is what a second implementation makes of them, written here from Keras's definitions.
/// </summary>
public sealed class KerasWeightsTests
{
    // Layers by Keras's names, made with random weights where they are first called; what was made is written as Keras's save_weights does.
    private const string Keras = """
        import h5py, torch, torch.nn.functional as F
        torch.set_grad_enabled(False)
        generator, saved = torch.Generator().manual_seed(3), {}
        def weight(layer, name, shape, scale=.05, base=0.):
            values = torch.randn(shape, generator=generator) * scale + base
            saved[f'{layer}/{layer}/{name}:0'] = values.numpy()
            return values
        def Conv2D(x, filters, kernel, layer, strides=1, use_bias=False, padding='same', name='kernel'):
            w = weight(layer, name, (kernel, kernel, x.shape[1], filters), (2 / (kernel * kernel * x.shape[1])) ** .5)
            b = weight(layer, 'bias', (filters,)) if use_bias else None
            return F.conv2d(same(x, kernel, strides) if padding == 'same' else x, w.permute(3, 2, 0, 1), b, strides)
        def DepthwiseConv2D(x, kernel, layer, strides=1):
            w = weight(layer, 'depthwise_kernel', (kernel, kernel, x.shape[1], 1), (2 / (kernel * kernel)) ** .5)
            return F.conv2d(same(x, kernel, strides), w.permute(2, 3, 0, 1), stride=strides, groups=x.shape[1])
        def SeparableConv2D(x, filters, layer):
            return Conv2D(DepthwiseConv2D(x, 3, layer), filters, 1, layer, name='pointwise_kernel')
        def BatchNormalization(x, layer, epsilon=1e-3):
            gamma, beta, mean, variance = (weight(layer, name, (x.shape[1],), .1, base)
                                           for name, base in (('gamma', 1), ('beta', 0), ('moving_mean', 0), ('moving_variance', 1)))
            return F.batch_norm(x, mean, variance, gamma, beta, eps=epsilon)
        def Dense(x, units, layer):
            return x @ weight(layer, 'kernel', (x.shape[1], units)) + weight(layer, 'bias', (units,))
        def write(logits):
            with h5py.File(inputs['path'], 'w') as f:
                for name, values in saved.items(): f.create_dataset(name, data=values)
            return {'logits': logits}
        x = torch.from_numpy(inputs['images'])

        """;

    [Fact]
    public void Xception() => AssertSame(
        "xception-keras", 75,
        """
        x = F.relu(BatchNormalization(Conv2D(x, 32, 3, 'block1_conv1', 2, padding='valid'), 'block1_conv1_bn'))
        x = F.relu(BatchNormalization(Conv2D(x, 64, 3, 'block1_conv2', padding='valid'), 'block1_conv2_bn'))
        plain = 0
        for block in range(2, 14):
            widths = {2: (128, 128), 3: (256, 256), 4: (728, 728), 13: (728, 1024)}.get(block, (728, 728, 728))
            residual = x
            if len(widths) == 2:
                plain += 1
                residual = BatchNormalization(Conv2D(x, widths[-1], 1, f'conv2d_{plain}', 2), f'batch_normalization_{plain}')
            for i, filters in enumerate(widths, 1):
                x = x if block == 2 and i == 1 else F.relu(x)
                x = BatchNormalization(SeparableConv2D(x, filters, f'block{block}_sepconv{i}'), f'block{block}_sepconv{i}_bn')
            x = residual + (F.max_pool2d(same(x, 3, 2, -float('inf')), 3, 2) if len(widths) == 2 else x)
        for i, filters in ((1, 1536), (2, 2048)):
            x = F.relu(BatchNormalization(SeparableConv2D(x, filters, f'block14_sepconv{i}'), f'block14_sepconv{i}_bn'))
        outputs = write(Dense(x.mean((2, 3)), 1000, 'predictions'))
        """);

    [Fact]
    public void ResNet50V2() => AssertSame(
        "resnet50-v2-keras", 69,
        """
        e = 1.001e-5
        x = F.pad(Conv2D(F.pad(x, (3, 3, 3, 3)), 64, 7, 'conv1_conv', 2, use_bias=True, padding='valid'), (1, 1, 1, 1))
        x = F.max_pool2d(x, 3, 2)
        for stack, filters, blocks, last in ((2, 64, 3, 2), (3, 128, 4, 2), (4, 256, 6, 2), (5, 512, 3, 1)):
            for block in range(1, blocks + 1):
                name, stride = f'conv{stack}_block{block}', last if block == blocks else 1
                preact = F.relu(BatchNormalization(x, name + '_preact_bn', e))
                shortcut = Conv2D(preact, 4 * filters, 1, name + '_0_conv', use_bias=True) if block == 1 else F.max_pool2d(x, 1, stride)
                x = F.relu(BatchNormalization(Conv2D(preact, filters, 1, name + '_1_conv'), name + '_1_bn', e))
                x = Conv2D(F.pad(x, (1, 1, 1, 1)), filters, 3, name + '_2_conv', stride, padding='valid')
                x = Conv2D(F.relu(BatchNormalization(x, name + '_2_bn', e)), 4 * filters, 1, name + '_3_conv', use_bias=True) + shortcut
        x = F.relu(BatchNormalization(x, 'post_bn', e))
        outputs = write(Dense(x.mean((2, 3)), 1000, 'predictions'))
        """);

    [Fact]
    public void EfficientNetV2B0() => AssertSame(
        "efficientnet-v2-b0-keras", 77,
        """
        def step(x, filters, kernel, name, strides=1, conv='conv', bn='bn', activate=True):
            x = BatchNormalization(Conv2D(x, filters, kernel, name + conv, strides), name + bn)
            return F.silu(x) if activate else x
        x = step(x, 32, 3, 'stem_', 2)
        for stage, (fused, repeats, expansion, filters, strides) in enumerate(
            ((1, 1, 1, 16, 1), (1, 2, 4, 32, 2), (1, 2, 4, 48, 2), (0, 3, 4, 96, 2), (0, 5, 6, 112, 1), (0, 8, 6, 192, 2)), 1):
            for i in range(repeats):
                name, stride, given = f'block{stage}{"abcdefgh"[i]}_', strides if i == 0 else 1, x
                wide = x.shape[1] * expansion
                if fused:
                    if expansion > 1: x = step(x, wide, 3, name + 'expand_', stride)
                    x = step(x, filters, 1 if expansion > 1 else 3, name + 'project_', 1 if expansion > 1 else stride, activate=expansion == 1)
                else:
                    x = step(x, wide, 1, name + 'expand_')
                    x = F.silu(BatchNormalization(DepthwiseConv2D(x, 3, name + 'dwconv2', stride), name + 'bn'))
                    se = F.silu(Conv2D(x.mean((2, 3), keepdim=True), given.shape[1] // 4, 1, name + 'se_reduce', use_bias=True))
                    x = step(x * torch.sigmoid(Conv2D(se, wide, 1, name + 'se_expand', use_bias=True)), filters, 1, name + 'project_', activate=False)
                x = x + given if x.shape == given.shape and stride == 1 else x
        x = step(x, 1280, 1, 'top_')
        outputs = write(Dense(x.mean((2, 3)), 1000, 'predictions'))
        """);

    private static void AssertSame(string weights, int size, string code)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        using var folder = new TemporaryFolder();
        manual_seed(1);
        var images = rand([2, 3, size, size + 1]);
        var expected = PythonOracle.Run(Keras + NetworkOracle.SamePadding + code, new() { ["path"] = folder["weights.h5"], ["images"] = PythonOracle.Array(images.ToArray<float>(), images.shape) });
        var manifest = new WeightsCatalog().Find(weights);
        manifest = manifest with { Sources = [new DataSource { Kind = SourceKind.Folder, Folder = folder["weights.h5"], Files = [] }] };
        using var network = ArchitectureCatalog.Create(manifest.Architecture, new(3, size, size + 1), 1000, manifest.Settings);
        PretrainedWeights.Fetch(manifest, new SourceOptions { CacheFolder = folder["cache"], Offline = true }).Load(network);
        network.eval();
        var logits = PythonOracle.Floats(expected["logits"]);
        Assert.True(logits.Distinct().Count() > logits.Length / 2, "the logits say nothing");
        NetworkOracle.AssertClose(logits, network.call(images), 1e-4);
    }
}
