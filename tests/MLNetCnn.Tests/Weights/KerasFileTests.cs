using MLNetCnn.Testing;
using MLNetCnn.Weights.Formats;

namespace MLNetCnn.Tests.Weights;

public sealed class KerasFileTests
{
    private const string Write =
        """
        import h5py
        rng = np.random.default_rng(1)
        tensors = {'conv1/conv1/kernel:0': rng.standard_normal((3, 3, 2, 4)).astype('f4'), 'conv1/conv1/bias:0': np.arange(4, dtype='f4'),
                   'half': rng.standard_normal(6).astype('f2'), 'double': rng.standard_normal((2, 3)), 'whole': np.arange(-3, 3), 'scalar': np.float32(2.5),
                   'chunked': np.arange(10000, dtype='f4').reshape(100, 100)}
        with h5py.File(inputs['path'], 'w', libver=inputs['version']) as f:
            f.attrs['layer_names'] = [b'conv1', b'flatten']
            f.create_group('flatten')
            f.create_dataset('text', data=b'no tensor')
            for name, data in tensors.items(): f.create_dataset(name, data=data, **({'compression': 'gzip', 'chunks': (7, 9)} if name == 'chunked' else {}))
        outputs = {name.replace(':0', ''): np.asarray(data, np.float32) for name, data in tensors.items()}
        """;

    [Theory]
    [InlineData("earliest")]
    [InlineData("latest")]
    public void What_h5py_writes_is_read(string version)
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var expected = PythonOracle.Run(Write, new() { ["path"] = folder["weights.h5"], ["version"] = version });
        using var file = new KerasFile(folder["weights.h5"]);
        Assert.Equal(expected.Select(entry => entry.Key).Order(StringComparer.Ordinal), file.Tensors.Select(tensor => tensor.Name).Order(StringComparer.Ordinal));
        foreach (var tensor in file.Tensors)
        {
            var read = tensor.Read();
            Assert.Equal(tensor.DType, read.dtype);
            Assert.Equal(expected[tensor.Name]!["shape"]!.AsArray().Select(length => (long)length!), read.shape);
            Assert.Equal(PythonOracle.Floats(expected[tensor.Name]), read.to(ScalarType.Float32).ToArray<float>());
        }
    }

    [Fact]
    public void A_file_that_was_cut_short_or_is_none_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        PythonOracle.Run(Write, new() { ["path"] = folder["weights.h5"], ["version"] = "earliest" });
        var whole = File.ReadAllBytes(folder["weights.h5"]);
        foreach (var length in new[] { 0, 5, 1000, whole.Length / 2, whole.Length - 1 })
        {
            File.WriteAllBytes(folder["cut.h5"], whole[..length]);
            Assert.StartsWith($"{folder["cut.h5"]} is no sound HDF5 file: ", Assert.Throws<InvalidDataException>(() => ReadAll(folder["cut.h5"])).Message, StringComparison.Ordinal);
        }
    }

    private static void ReadAll(string path)
    {
        using var scope = NewDisposeScope();
        using var file = new KerasFile(path);
        foreach (var tensor in file.Tensors)
        {
            tensor.Read();
        }
    }
}
