using System.Text.Json.Nodes;
using MLNetCnn.Architectures;

namespace MLNetCnn.Tests.Architectures;

/// <summary>Networks in Keras's form against second implementations, written here from Keras's definitions.</summary>
public sealed class KerasParityTests
{
    // Layers by the names of their weights.
    private const string Keras = NetworkOracle.SamePadding + """
        def conv(x, name, stride=1, padding=0, groups=1):
            return F.conv2d(x, state[name + '.weight'], state.get(name + '.bias'), stride, padding, groups=groups)
        def same_conv(x, name, stride=1, groups=1):
            return conv(same(x, state[name + '.weight'].shape[2], stride), name, stride, groups=groups)
        def depthwise(x, name, stride=1):
            return same_conv(x, name, stride, groups=x.shape[1])
        def bn(x, name, epsilon=1e-3):
            at = lambda part: state[name + '.' + part][:, None, None]
            return (x - at('running_mean')) / torch.sqrt(at('running_var') + epsilon) * at('weight') + at('bias')
        def dense(x, name):
            return x.mean((2, 3)) @ state[name + '.weight'].T + state[name + '.bias']

        """;

    [Theory]
    [InlineData("resnet-50", 6, 1e-3, 70)]
    [InlineData("resnet-101", 23, 1.001e-5, 64)]
    public void ResNets_stride_in_the_first_convolution_of_a_stage_and_have_biases(string name, int third, double epsilon, int size) => AssertSame(
        name, size,
        """
        e = inputs['epsilon']
        x = F.relu(bn(conv(F.pad(images, (3, 3, 3, 3)), 'conv1', 2), 'bn1', e))
        x = F.max_pool2d(F.pad(x, (1, 1, 1, 1)), 3, 2)
        for stage, blocks in enumerate((3, 4, inputs['third'], 3), 1):
            for i in range(blocks):
                at, stride = f'layer{stage}.{i}', 2 if i == 0 and stage > 1 else 1
                shortcut = bn(conv(x, at + '.downsample.0', stride), at + '.downsample.1', e) if i == 0 else x
                y = F.relu(bn(conv(x, at + '.conv1', stride), at + '.bn1', e))
                y = F.relu(bn(same_conv(y, at + '.conv2'), at + '.bn2', e))
                x = F.relu(bn(conv(y, at + '.conv3'), at + '.bn3', e) + shortcut)
        outputs = {'logits': dense(x, 'fc')}
        """,
        new() { ["third"] = third, ["epsilon"] = epsilon });

    [Theory]
    [InlineData(96)]
    [InlineData(77)]
    public void MobileNetV2_pads_right_and_bottom(int size) => AssertSame(
        "mobilenet-v2", size,
        """
        x = F.relu6(bn(same_conv(images, 'features.0.0', 2), 'features.0.1'))
        i = 1
        for t, n, s in ((1, 1, 1), (6, 2, 2), (6, 3, 2), (6, 4, 2), (6, 3, 1), (6, 3, 2), (6, 1, 1)):
            for repeat in range(n):
                at, y, j = f'features.{i}.conv.', x, 0
                if t != 1:
                    y, j = F.relu6(bn(conv(y, at + '0.0'), at + '0.1')), 1
                y = F.relu6(bn(depthwise(y, f'{at}{j}.0', s if repeat == 0 else 1), f'{at}{j}.1'))
                y = bn(conv(y, f'{at}{j + 1}'), f'{at}{j + 2}')
                x = x + y if x.shape == y.shape and repeat > 0 else y
                i += 1
        x = F.relu6(bn(conv(x, 'features.18.0'), 'features.18.1'))
        outputs = {'logits': dense(x, 'classifier.1')}
        """);

    [Theory]
    [InlineData(96)]
    [InlineData(69)]
    public void ResNet50V2_normalises_first_and_strides_last(int size) => AssertSame(
        "resnet-50-v2", size,
        """
        e = 1.001e-5
        x = conv(F.pad(images, (3, 3, 3, 3)), 'conv1', 2)
        x = F.max_pool2d(F.pad(x, (1, 1, 1, 1)), 3, 2)
        for stage, (blocks, last) in enumerate(((3, 2), (4, 2), (6, 2), (3, 1)), 1):
            for i in range(blocks):
                at, stride = f'layer{stage}.{i}', last if i == blocks - 1 else 1
                y = F.relu(bn(x, at + '.norm1', e))
                shortcut = conv(y, at + '.downsample') if i == 0 else x[:, :, ::stride, ::stride]
                y = F.relu(bn(conv(y, at + '.conv1'), at + '.norm2', e))
                y = F.relu(bn(conv(F.pad(y, (1, 1, 1, 1)), at + '.conv2', stride), at + '.norm3', e))
                x = conv(y, at + '.conv3') + shortcut
        outputs = {'logits': dense(F.relu(bn(x, 'norm', e)), 'fc')}
        """);

    [Theory]
    [InlineData(75)]
    [InlineData(96)]
    public void Xception_pools_as_TensorFlow_does(int size) => AssertSame(
        "xception", size,
        """
        def separable(x, name): return conv(depthwise(x, name + '.conv1'), name + '.pointwise')
        x = F.relu(bn(conv(images, 'conv1', 2), 'bn1'))
        x = F.relu(bn(conv(x, 'conv2'), 'bn2'))
        for block in range(1, 13):
            at = f'block{block}'
            shortcut = bn(conv(x, at + '.skip', 2), at + '.skipbn') if at + '.skip.weight' in state else x
            y, j = x, 0
            for repeat in range(3 if 4 <= block <= 11 else 2):
                if block > 1 or repeat > 0:
                    y, j = F.relu(y), j + 1
                y, j = bn(separable(y, f'{at}.rep.{j}'), f'{at}.rep.{j + 1}'), j + 2
            if shortcut is not x:
                y = F.max_pool2d(same(y, 3, 2, -float('inf')), 3, 2)
            x = y + shortcut
        x = F.relu(bn(separable(x, 'conv3'), 'bn3'))
        x = F.relu(bn(separable(x, 'conv4'), 'bn4'))
        outputs = {'logits': dense(x, 'fc')}
        """);

    [Theory]
    [InlineData("efficientnet-v2-b0", 96)]
    [InlineData("efficientnet-v2-b0", 77)]
    [InlineData("efficientnet-b0", 75)]
    public void EfficientNets_are_scaled_inverted_residuals(string name, int size) => AssertSame(
        name, size,
        """
        # repeats, kernel, stride, expansion, squeeze-and-excitation (in the second version without it, the first two convolutions are fused)
        rows = {'efficientnet-v2-b0': ((1, 3, 1, 1, 0), (2, 3, 2, 4, 0), (2, 3, 2, 4, 0), (3, 3, 2, 4, 1), (5, 3, 1, 6, 1), (8, 3, 2, 6, 1)),
                'efficientnet-b0': ((1, 3, 1, 1, 1), (2, 3, 2, 6, 1), (2, 5, 2, 6, 1), (3, 3, 2, 6, 1), (3, 5, 1, 6, 1), (4, 5, 2, 6, 1), (1, 3, 1, 6, 1))}[inputs['name']]
        def step(x, at, kernel=1, stride=1, deep=False, activate=True):
            assert state[at + '.0.weight'].shape[2] == kernel
            x = bn(same_conv(x, at + '.0', stride, x.shape[1] if deep else 1), at + '.1')
            return F.silu(x) if activate else x
        x = step(images, 'features.0', 3, 2)
        for s, (repeats, kernel, stride, expansion, excited) in enumerate(rows, 1):
            for i in range(repeats):
                at, y, j = f'features.{s}.{i}.block.', x, 0
                first = stride if i == 0 else 1
                if not excited:
                    y, j = step(y, at + '0', kernel, first), 1
                else:
                    if expansion > 1:
                        y, j = step(y, at + '0'), 1
                    y = step(y, f'{at}{j}', kernel, first, deep=True)
                    assert y.shape[1] == expansion * x.shape[1]
                    weights = F.silu(conv(y.mean((2, 3), keepdim=True), f'{at}{j + 1}.fc1'))
                    assert weights.shape[1] == x.shape[1] // 4
                    y, j = y * torch.sigmoid(conv(weights, f'{at}{j + 1}.fc2')), j + 2
                if excited or expansion > 1:
                    y = step(y, f'{at}{j}', activate=False)
                x = x + y if i > 0 or (first == 1 and x.shape == y.shape) else y
        x = step(x, f'features.{len(rows) + 1}')
        outputs = {'logits': dense(x, 'classifier.1')}
        """,
        new() { ["name"] = name });

    private static void AssertSame(string name, int size, string code, JsonObject? inputs = null)
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        var shape = new ImageShape(3, size, size + 1);
        var settings = ArchitectureCatalog.Get(name).Settings.Any(setting => setting.Name == "form") ? new ArchitectureSettings(new() { ["form"] = "keras" }) : null;
        using var network = ArchitectureCatalog.Create(name, shape, 9, settings);
        network.eval();
        NetworkOracle.AssertSameLogits(network, rand([2, 3, size, size + 1]), Keras + code, inputs);
    }
}
