using MLNetCnn.Testing;

namespace MLNetCnn.Inference.Tests;

/// <summary>A small random network that PyTorch built, exported and ran: images of three sizes with the probabilities that PyTorch gives them.</summary>
internal static class TestModel
{
    private const string Code = """
        import io, struct, torch
        from PIL import Image
        from torch import nn
        torch.manual_seed(3)
        class Net(nn.Module):
            def __init__(self, softmax=True, from_float=False):
                super().__init__()
                self.softmax, self.from_float = softmax, from_float
                self.features = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Conv2d(8, 16, 3, stride=2), nn.ReLU())
                self.head = nn.Linear(16, 5)
            def forward(self, image):
                x = image if self.from_float else image.permute(0, 3, 1, 2).float() / 255
                x = nn.functional.interpolate(x, size=(24, 20), mode='bilinear', align_corners=False)
                x = (x - torch.tensor([.4, .5, .6]).view(1, 3, 1, 1)) / .25
                x = self.head(self.features(x).mean((2, 3))) * 40
                return torch.softmax(x / 1.5, 1) if self.softmax else x
        def export(net, example):
            file = io.BytesIO()
            torch.onnx.export(net, example, file, opset_version=13, input_names=['image'], output_names=['probabilities'],
                dynamic_axes={'image': {0: 'N', 1: 'H', 2: 'W'}, 'probabilities': {0: 'N'}})
            return np.frombuffer(file.getvalue(), np.uint8)
        net = Net().eval()
        image = torch.zeros(2, 32, 32, 3, dtype=torch.uint8)
        weights, header, offset = b'', {}, 0
        for name, value in net.state_dict().items():
            data = value.numpy().tobytes()
            header[name] = {'dtype': 'F32', 'shape': list(value.shape), 'data_offsets': [offset, offset + len(data)]}
            weights += data
            offset += len(data)
        header = json.dumps(header).encode()
        outputs = {
            'onnx': export(net, image),
            'logits': export(Net(softmax=False).eval(), image),
            'float': export(Net(from_float=True).eval(), torch.zeros(2, 3, 32, 32)),
            'weights': np.frombuffer(struct.pack('<Q', len(header)) + header + weights, np.uint8),
        }
        for i, (height, width) in enumerate([(32, 32), (57, 19), (24, 20)]):
            pixels = np.random.RandomState(i).randint(0, 256, (4, height, width, 3), dtype=np.uint8)
            file = io.BytesIO()
            Image.fromarray(pixels[0]).save(file, 'PNG')
            with torch.no_grad():
                outputs[f'case{i}'] = {'height': height, 'width': width, 'pixels': pixels, 'png': np.frombuffer(file.getvalue(), np.uint8),
                    'probabilities': net(torch.from_numpy(pixels))}
        """;

    private static readonly Lazy<System.Text.Json.Nodes.JsonObject> Oracle = new(() => PythonOracle.Run(Code));

    public static string[] Labels { get; } = ["cat", "dog", "Füchsin", "horse", "狐"];

    public static byte[] Onnx => PythonOracle.Bytes(Oracle.Value["onnx"]);

    /// <summary>The same network without the softmax.</summary>
    public static byte[] Logits => PythonOracle.Bytes(Oracle.Value["logits"]);

    /// <summary>The same network with float input, channels first.</summary>
    public static byte[] FloatInput => PythonOracle.Bytes(Oracle.Value["float"]);

    public static byte[] Weights => PythonOracle.Bytes(Oracle.Value["weights"]);

    /// <summary>Four images of one size: their pixels, the first one as a PNG file, and PyTorch's probabilities.</summary>
    public static IReadOnlyList<Case> Cases => [.. Enumerable.Range(0, 3).Select(i => Oracle.Value[$"case{i}"]!).Select(node => new Case(
        (int)node["height"]!, (int)node["width"]!, PythonOracle.Bytes(node["pixels"]), PythonOracle.Bytes(node["png"]), PythonOracle.Floats(node["probabilities"])))];

    public static ModelMetadata Metadata { get; } = new()
    {
        Labels = Labels,
        Architecture = new ModelArchitecture("tiny", new() { ["dropout"] = 0.5, ["classes"] = 5 }),
        Preprocessing = new ImagePreprocessing { Height = 24, Width = 20, Channels = 3, Mean = [0.4f, 0.5f, 0.6f], StandardDeviation = [0.25f, 0.25f, 0.25f] },
        Metrics = new Dictionary<string, double> { ["test.microAccuracy"] = 0.9125, ["test.logLoss"] = 0.25, ["validation.macroAccuracy"] = 1 },
        Temperature = 1.5,
        Pipeline = [new System.Text.Json.Nodes.JsonObject { ["transformer"] = "MapKeyToValue", ["threshold"] = 0.1 }],
        Provenance = new ModelProvenance
        {
            CreatedAt = new DateTimeOffset(2026, 3, 1, 12, 30, 0, TimeSpan.Zero),
            Seed = 3,
            Dataset = "noise",
            DatasetFingerprint = "ab12",
            Commit = "0.1.0+1234567",
            Command = "train noise --arch tiny",
            Libraries = new Dictionary<string, string> { ["libtorch"] = "1.13.1" },
        },
    };

    public static ModelPackage Package => new(Metadata, Onnx, Weights);

    public static byte[] Zip(ModelPackage? package = null)
    {
        using var stream = new MemoryStream();
        (package ?? Package).Write(stream);
        return stream.ToArray();
    }

    public static ImageModel Load(ModelPackage? package = null, ImageModelOptions? options = null) => ImageModel.Load(new MemoryStream(Zip(package)), options);

    internal sealed record Case(int Height, int Width, byte[] Pixels, byte[] Png, float[] Probabilities)
    {
        public int ImageSize => Height * Width * 3;

        public Imaging.MLImage Image(int i) =>
            Imaging.MLImage.CreateFromPixels(Width, Height, Imaging.MLPixelFormat.Rgb24, Pixels.AsSpan(i * ImageSize, ImageSize));

        public float[] Expected(int i) => Probabilities[(5 * i)..(5 * i + 5)];
    }
}
