using MLNetCnn.Testing;
using MLNetCnn.Weights.Formats;

namespace MLNetCnn.Tests.Weights;

public sealed class OnnxFileTests
{
    private const string Write =
        """
        import onnx
        from onnx import helper, numpy_helper, TensorProto
        rng = np.random.default_rng(5)
        raw, plain, whole = rng.standard_normal((4, 3, 3, 3)).astype(np.float32), rng.standard_normal((7,)).astype(np.float32), rng.integers(-9, 9, (2, 2), dtype=np.int64)
        tensors = [numpy_helper.from_array(raw, 'raw'), helper.make_tensor('plain', TensorProto.FLOAT, plain.shape, plain), numpy_helper.from_array(whole, 'whole')]
        if inputs['damage'] == 'double': tensors.append(numpy_helper.from_array(plain.astype(np.float64), 'double'))
        if inputs['damage'] == 'short': tensors[0].raw_data = tensors[0].raw_data[:-4]
        if inputs['damage'] == 'none': tensors = []
        graph = helper.make_graph([helper.make_node('Identity', ['x'], ['y'])], 'g', [helper.make_tensor_value_info('x', TensorProto.FLOAT, [1])], [helper.make_tensor_value_info('y', TensorProto.FLOAT, [1])], tensors)
        data = helper.make_model(graph).SerializeToString()
        open(inputs['path'], 'wb').write(data[:-20] if inputs['damage'] == 'cut' else data)
        outputs = {'raw': raw, 'plain': plain, 'whole': whole.astype(np.float32)}
        """;

    [Fact]
    public void Constants_are_read_whether_as_bytes_or_as_numbers()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var expected = PythonOracle.Run(Write, new() { ["path"] = folder["model.onnx"], ["damage"] = "" });
        using var file = new OnnxFile(folder["model.onnx"]);
        Assert.Equal(["raw", "plain", "whole"], file.Tensors.Select(tensor => tensor.Name));
        foreach (var tensor in file.Tensors)
        {
            var read = tensor.Read();
            Assert.Equal((tensor.Name == "whole" ? ScalarType.Int64 : ScalarType.Float32, tensor.DType), (read.dtype, read.dtype));
            Assert.Equal(tensor.Shape, read.shape);
            Assert.Equal(PythonOracle.Floats(expected[tensor.Name]), read.to(ScalarType.Float32).ToArray<float>());
        }
    }

    [Theory]
    [InlineData("double", "'double' is of type Double")]
    [InlineData("short", "'raw' has 428 bytes, its shape 432")]
    [InlineData("none", "holds no tensors")]
    [InlineData("cut", "is no ONNX model")]
    public void A_file_that_cannot_be_read_says_why(string damage, string reason)
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        PythonOracle.Run(Write, new() { ["path"] = folder["model.onnx"], ["damage"] = damage });
        var error = Assert.Throws<InvalidDataException>(() =>
        {
            using var file = new OnnxFile(folder["model.onnx"]);
            return file.Tensors.Select(tensor => tensor.Read()).ToList();
        });
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
