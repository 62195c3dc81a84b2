using MLNetCnn.Testing;
using MLNetCnn.Weights.Formats;

namespace MLNetCnn.Tests.Weights;

public sealed class TfjsFileTests
{
    // As tensorflowjs_converter writes: one group, shards of a fixed size that cut through tensors.
    private const string Write =
        """
        import os
        rng = np.random.default_rng(3)
        floats = rng.standard_normal((3, 3, 2, 5)).astype(np.float32)
        q8, q16 = rng.integers(0, 256, (4, 7), dtype=np.uint8), rng.integers(0, 65536, (6, 5), dtype=np.uint16)
        half, whole = rng.standard_normal((9,)).astype(np.float16), rng.integers(-9, 9, (2, 2), dtype=np.int32)
        scale8, min8, scale16, min16 = 0.0123456789012345, -1.57, 1.2345678901e-5, -0.4
        weights = [
            ({'name': 'conv/kernel', 'shape': [3, 3, 2, 5], 'dtype': 'float32'}, floats),
            ({'name': 'dense/kernel', 'shape': [4, 7], 'dtype': 'float32', 'quantization': {'dtype': 'uint8', 'min': min8, 'scale': scale8, 'original_dtype': 'float32'}}, q8),
            ({'name': 'other/kernel', 'shape': [6, 5], 'dtype': 'float32', 'quantization': {'dtype': 'uint16', 'min': min16, 'scale': scale16, 'original_dtype': 'float32'}}, q16),
            ({'name': 'half', 'shape': [9], 'dtype': 'float32', 'quantization': {'dtype': 'float16', 'original_dtype': 'float32'}}, half),
            ({'name': 'whole', 'shape': [2, 2], 'dtype': 'int32'}, whole)]
        data = b''.join(a.tobytes() for _, a in weights)
        shards = [data[i:i + 100] for i in range(0, len(data), 100)]
        paths = [f'group1-shard{i + 1}of{len(shards)}.bin' for i in range(len(shards))]
        for path, shard in zip(paths, shards): open(os.path.join(inputs['folder'], path), 'wb').write(shard)
        model = {'format': 'layers-model', 'weightsManifest': [{'paths': paths, 'weights': [w for w, _ in weights]}]}
        json.dump(model, open(os.path.join(inputs['folder'], 'model.json'), 'w'))
        outputs = {'conv/kernel': floats, 'half': half.astype(np.float32), 'whole': whole.astype(np.float32), 'shards': len(shards),
                   'dense/kernel': (q8.astype(np.float64) * scale8 + min8).astype(np.float32), 'other/kernel': (q16.astype(np.float64) * scale16 + min16).astype(np.float32)}
        """;

    [Fact]
    public void Floats_and_quantized_numbers_are_read_across_shards()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var expected = PythonOracle.Run(Write, new() { ["folder"] = folder.Path });
        Assert.True((int)expected["shards"]! > 3);
        using var file = new TfjsFile(folder["model.json"], shard => folder[shard]);
        Assert.Equal(["conv/kernel", "dense/kernel", "other/kernel", "half", "whole"], file.Tensors.Select(tensor => tensor.Name));
        foreach (var tensor in file.Tensors)
        {
            var read = tensor.Read();
            Assert.Equal(tensor.Name == "whole" ? ScalarType.Int32 : ScalarType.Float32, read.dtype);
            Assert.Equal(tensor.Shape, read.shape);
            Assert.Equal(PythonOracle.Floats(expected[tensor.Name]), read.to(ScalarType.Float32).ToArray<float>());
        }
    }

    [Theory]
    [InlineData("\"float32\"", "\"complex64\"", "is of type complex64")]
    [InlineData("\"uint16\"", "\"uint4\"", "is quantized to uint4")]
    [InlineData("[4, 7]", "[4, 8]", "its shards hold")]
    [InlineData("[4, 7]", "[-4, 7]", "is no TensorFlow.js model")]
    [InlineData("weightsManifest", "weights", "is no TensorFlow.js model")]
    public void A_model_that_cannot_be_read_says_why(string part, string other, string reason)
    {
        using var folder = new TemporaryFolder();
        PythonOracle.Run(Write, new() { ["folder"] = folder.Path });
        File.WriteAllText(folder["model.json"], File.ReadAllText(folder["model.json"]).Replace(part, other, StringComparison.Ordinal));
        var error = Assert.Throws<InvalidDataException>(() => new TfjsFile(folder["model.json"], shard => folder[shard]));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(folder["model.json"], error.Message, StringComparison.Ordinal);
    }
}
